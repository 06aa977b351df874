/* An approver's verdicts: one that is opened closes the others and takes the comment, Escape closes it again. Nothing is
   decided but by the form's own button. (Not by the details' shared name: while a page is swapped the old one is still
   there, and would close the new one.) */
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("[data-verdict]") || !target.open) return;
    for (const other of target.parentElement.querySelectorAll("[data-verdict][open]")) if (other !== target) other.open = false;
    if (!target.querySelector("[data-form-errors]")) target.querySelector("textarea")?.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest("[data-verdict][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
