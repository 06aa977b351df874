/* An approver's verdicts: one that is opened takes the comment, Escape closes it again. Nothing is decided but by the form's
   own button. */
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("[data-verdict]") || !target.open) return;
    target.querySelector("[data-form-errors]") ?? target.querySelector("textarea")?.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest("[data-verdict][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
