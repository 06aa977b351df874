/* What was typed into a claim stays in this browser until the server has it. */
const OLDEST = 30 * 24 * 3600 * 1000; // ms; then nobody wants it back

function place(form) {
  const draft = document.querySelector("[data-card-edit]").dataset.cardEdit;
  const key = form.closest("[data-edit-claim]")?.dataset.editClaim ?? "";
  return `claim:${document.body.dataset.person}:${draft}:${key}`;
}

export function keep(form, values) {
  const revision = form.elements.revision?.value ?? "";
  try {
    localStorage.setItem(place(form), JSON.stringify({ at: Date.now(), revision, values: values.toString() }));
  } catch {
    /* Storage is full or forbidden: leaving the page still asks first. */
  }
}

export function forget(form) {
  try {
    localStorage.removeItem(place(form));
  } catch {
    /* Nothing was kept either. */
  }
}

export function kept(form) {
  try {
    const found = JSON.parse(localStorage.getItem(place(form)));
    return found && Date.now() - found.at < OLDEST ? found : null;
  } catch {
    return null;
  }
}

/* Puts what was kept into the form; of what there are several, as many boxes as it takes. */
export function left(form, found) {
  const values = new URLSearchParams(found.values);
  for (const control of form.elements)
    if (control.type === "checkbox") control.checked = values.getAll(control.name).includes(control.value);
  for (const name of new Set([...form.elements].map((one) => one.name))) {
    const given = values.getAll(name);
    let controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=checkbox], [type=hidden])`)];
    if (!controls.length) continue;
    const box = controls[0].closest(".one-of");
    for (; box && controls.length < given.length; controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)])
      box.parentElement.append(box.cloneNode(true));
    controls.forEach((control, index) => (control.value = given[index] ?? ""));
  }
}
