/* Native popovers do the work. Here: a place beside the button where CSS anchors are missing, arrow keys, and details that
   close when one goes elsewhere. */
const anchors = CSS.supports("position-area: block-end");

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]") || event.newState !== "open") return;
    if (!anchors) {
      const box = document.querySelector(`[popovertarget="${menu.id}"]`)?.getBoundingClientRect();
      const x = Math.max(8, Math.min(box.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8));
      const below = box.bottom + menu.offsetHeight < innerHeight;
      menu.style.setProperty("--menu-x", `${x}px`);
      menu.style.setProperty("--menu-y", `${below ? box.bottom + 4 : Math.max(8, box.top - menu.offsetHeight - 4)}px`);
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const opener = event.target.closest("[popovertarget]");
  const menu =
    event.target.closest(".menu") ?? (opener && document.getElementById(opener.getAttribute("popovertarget")));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu?.matches(":popover-open") || !step || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("a[href], button:not(:disabled)")];
  const place = items.indexOf(document.activeElement);
  items.at(place < 0 && step < 0 ? -1 : (place + step) % items.length)?.focus();
});

const floating = "details.chip-menu[open]";
document.addEventListener("click", (event) => {
  for (const details of document.querySelectorAll(floating)) if (!details.contains(event.target)) details.open = false;
});
document.addEventListener("keydown", (event) => {
  const details = event.key === "Escape" && event.target.closest(floating);
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
});
