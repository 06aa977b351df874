/* Unsaved text is not lost by a slip: forms with data-guard are remembered as dirty, and leaving the page asks first. */
const dirty = () => document.querySelector("form[data-guard][data-dirty]");

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-guard]")) form.dataset.dirty = "";
});
document.addEventListener("reset", (event) => delete event.target.dataset.dirty);

// On the way out by its own button the form is no longer in danger; if htmx then reports a failure, it is again.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) delete event.target.dataset.dirty;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form[data-guard]");
  if (!form) return;
  if (event.detail.successful) delete form.dataset.dirty;
  else form.dataset.dirty = "";
});

addEventListener("beforeunload", (event) => {
  if (dirty()) event.preventDefault();
});
