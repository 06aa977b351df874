/* An approver's verdicts: one that is opened closes the others and takes the comment, Escape closes it again. Nothing is
   decided but by the form's own button. (Not by the details' shared name: while a page is swapped the old one is still
   there, and would close the new one.) At once, not when the browser tells of it: who types on after the key means the comment. */
document.addEventListener("click", (event) => {
  const verdict = event.target.closest("[data-verdict] > summary")?.parentElement;
  if (!verdict) return;
  event.preventDefault();
  verdict.open = !verdict.open;
  for (const other of verdict.parentElement.querySelectorAll("[data-verdict][open]")) if (other !== verdict) other.open = false;
  if (verdict.open) verdict.querySelector("textarea").focus();
});

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest("[data-verdict][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
