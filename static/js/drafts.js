/* A form with data-draft="key" keeps what is typed in this browser until it is saved: a closed dialog, a crash, a full battery
   cost nothing. Kept per person; files, tokens and what was not typed are left out. */
const AFTER = 400; // ms without a key
const OLDEST = 30 * 24 * 3600 * 1000; // ms; then nobody wants it back
const SKIP = new Set(["csrfmiddlewaretoken", "version", "started_from", "warned", "once"]);
const place = (name) => `draft:${document.body.dataset.person}:${name}`;
const typed = (form) => [...new FormData(form)].filter(([name, value]) => !SKIP.has(name) && typeof value === "string");
const timers = new WeakMap();

function read(form) {
  try {
    const found = JSON.parse(localStorage.getItem(place(form.dataset.draft)));
    return found && Date.now() - found.at < OLDEST ? found : null;
  } catch {
    return null;
  }
}

function keep(form) {
  try {
    localStorage.setItem(place(form.dataset.draft), JSON.stringify({ at: Date.now(), values: typed(form) }));
  } catch {
    /* Storage is full or forbidden: leaving the page still asks first. */
  }
}

function drop(form, name = form.dataset.draft) {
  clearTimeout(timers.get(form));
  try {
    localStorage.removeItem(place(name));
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
  // For a form that has more to it than its controls, rows that come and go; once every module listens.
  setTimeout(() => form.dispatchEvent(new CustomEvent("draft-back", { bubbles: true, detail: values })));
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

// On its way, or in a dialog that closes: what was typed last is kept at once, for the form may be gone, or open again, before
// its time would come.
function keepNow(form) {
  if (!timers.has(form)) return;
  clearTimeout(timers.get(form));
  timers.delete(form);
  keep(form);
}
document.addEventListener("submit", (event) => keepNow(event.target));
document.addEventListener("close", (event) => event.target.querySelectorAll("form[data-draft]").forEach(keepNow), true);

// Saved: the dialog's form was answered with 204, a page's form led elsewhere. data-draft-ends names the draft of a form
// this one came of, and which is done with as well.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form[data-draft]");
  const { xhr, successful } = event.detail;
  if (!form || !successful) return;
  const here = new URL(form.action, location.href).pathname;
  if (xhr.status === 204 || (xhr.responseURL && new URL(xhr.responseURL).pathname !== here)) {
    drop(form);
    if (form.dataset.draftEnds) drop(form, form.dataset.draftEnds);
  }
});

document.addEventListener("htmx:load", restore);
restore();
