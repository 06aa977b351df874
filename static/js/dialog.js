/* <button data-opens="id"> opens the dialog of that id; [data-closes] and a click beside it close it. A dialog that came by
   htmx into #dialogs opens at once. Without scripts the openers are links to pages of their own. */
const open = (dialog) => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  // Ready to type, rather than on the button that closes it.
  const named = dialog.querySelector("[autofocus]");
  (named ?? dialog.querySelector(".body :is(input:not([type=hidden]), select, textarea)"))?.focus();
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    return open(document.getElementById(opener.dataset.opens));
  }
  if (event.target.closest("[data-closes]")) {
    event.preventDefault();
    return event.target.closest("dialog")?.close();
  }
  // A click on the backdrop has the dialog itself as its target; typed text is not thrown away by a slip.
  if (event.target.matches("dialog.dialog[open]") && !event.target.querySelector("form[data-dirty]"))
    event.target.close();
});

document.addEventListener("htmx:load", (event) => {
  const element = event.detail.elt;
  if (!element?.closest?.("#dialogs")) return;
  const dialog = element.matches("dialog") ? element : element.querySelector("dialog");
  open(dialog);
  dialog?.addEventListener("close", () => dialog.remove());
});

// The server says it is done: HX-Trigger: {"close-dialog": true}.
document.addEventListener("close-dialog", () => {
  for (const dialog of document.querySelectorAll("dialog.dialog[open]")) dialog.close();
});
