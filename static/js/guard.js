/* What was typed is not lost. A form with data-guard is sent by htmx, so that an answer that fails (signed out, no network,
   somebody else was faster) leaves it standing as it is; and leaving its page with unsaved text asks first. */
const dirty = () => document.querySelector("form[data-guard][data-dirty]");

function arm() {
  for (const form of document.querySelectorAll("form[data-guard]:not([data-armed])")) {
    form.dataset.armed = "";
    // It came back with things to correct: what it holds is saved nowhere.
    if (form.querySelector("[data-form-errors]")) form.dataset.dirty = "";
    if (form.method !== "post" || form.matches("[hx-post], [hx-boost]")) continue;
    form.setAttribute("hx-boost", "true");
    htmx.process(form);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-guard]")) form.dataset.dirty = "";
});
document.addEventListener("reset", (event) => delete event.target.dataset.dirty);

// On the way out by its own button the form is in no danger; when htmx reports a failure, it is again.
document.addEventListener("submit", (event) => delete event.target.dataset.dirty);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form[data-guard]");
  if (form && !event.detail.successful) form.dataset.dirty = "";
});

addEventListener("beforeunload", (event) => {
  if (dirty()) event.preventDefault();
});

document.addEventListener("htmx:load", arm);
arm();
