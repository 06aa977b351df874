/* A click anywhere in tr[data-row] follows the row's title link. The link is what keyboards and screen readers use; this only
   makes the target larger. */
const busy = "a, button, input, select, textarea, label, summary, details";

function follow(event) {
  const row = event.target.closest?.("tr[data-row]");
  if (!row || event.target.closest(busy) || String(getSelection())) return;
  const link = row.querySelector("a.title");
  if (!link) return;
  if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else if (event.button === 0) link.click();
}

document.addEventListener("click", follow);
document.addEventListener("auxclick", follow);
