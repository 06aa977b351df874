/* A form with data-draft="key" keeps what is typed in this browser until it is saved: a closed dialog, a crash, a full battery
   cost nothing. Kept per person; files, tokens and what was not typed are left out. */
const AFTER = 400; // ms without a key
const OLDEST = 30 * 24 * 3600 * 1000; // ms; then nobody wants it back
const SKIP = new Set(["csrfmiddlewaretoken", "version", "started_from", "warned"]);
const key = (form) => `draft:${document.body.dataset.person}:${form.dataset.draft}`;
const typed = (form) => [...new FormData(form)].filter(([name, value]) => !SKIP.has(name) && typeof value === "string");
const timers = new WeakMap();

function read(form) {
  try {
    const found = JSON.parse(localStorage.getItem(key(form)));
    return found && Date.now() - found.at < OLDEST ? found : null;
  } catch {
    return null;
  }
}

function keep(form) {
  try {
    localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), values: typed(form) }));
  } catch {
    /* Storage is full or forbidden: leaving the page still asks first. */
  }
}

export function drop(form) {
  clearTimeout(timers.get(form));
  try {
    localStorage.removeItem(key(form));
  } catch {
    /* Nothing was kept either. */
  }
}

function fill(form, values) {
  for (const control of form.elements) {
    if (!control.name || SKIP.has(control.name) || control.type === "file") continue;
    const given = values.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
    else if (given.length) control.value = given[0];
  }
}

function restore() {
  for (const form of document.querySelectorAll("form[data-draft]:not([data-draft-seen])")) {
    form.dataset.draftSeen = "";
    form.draftStart = typed(form);
    // A refused form comes back with what was typed; what is kept is the same or older.
    const found = form.querySelector("[data-form-errors]") ? null : read(form);
    if (!found || JSON.stringify(found.values) === JSON.stringify(form.draftStart)) continue;
    fill(form, found.values);
    form.dataset.dirty = "";
    form.querySelector("[data-draft-back]")?.removeAttribute("hidden");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-draft]")) return;
  clearTimeout(timers.get(form));
  timers.set(
    form,
    setTimeout(() => keep(form), AFTER),
  );
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-draft-drop]")?.closest("form");
  if (!form) return;
  drop(form);
  fill(form, form.draftStart);
  delete form.dataset.dirty;
  form.querySelector("[data-draft-back]").hidden = true;
  form.querySelector("textarea, input:not([type=hidden])")?.focus();
});

// Saved: the dialog's form was answered with 204, a page's form led elsewhere.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form[data-draft]");
  const { xhr, successful } = event.detail;
  if (!form || !successful) return;
  const here = new URL(form.action, location.href).pathname;
  if (xhr.status === 204 || (xhr.responseURL && new URL(xhr.responseURL).pathname !== here)) drop(form);
});

document.addEventListener("htmx:load", restore);
restore();
