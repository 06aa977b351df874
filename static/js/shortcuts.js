/* Keys of one letter: "/" to the search field (the page's own, where it has one), "?" for the list of keys, which crm/rules/keys.py writes, and what is named by
   data-key: a letter, or "g" (go to) or "a" (add) and a letter. They can be turned off in that list, for speech input types
   letters too. */
const FIRST = ["g", "a"];
/* Of two letters, where the page has such; on its own "a" approves. */
const begins = (key) => FIRST.includes(key) && document.querySelector(`[data-key^="${key} "]`) !== null;
const off = () => localStorage.getItem("keys") === "off";
const STEPS = { j: 1, k: -1 };
const TOGETHER = 1200; // milliseconds from the first letter to the second, by when they were pressed: a page may be busy meanwhile
let pending = { key: "", at: 0 };
let opening = null; // the request for a dialog

function go(event, key) {
  const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!named) return false;
  event.preventDefault(); // or the letter is typed into what it opens
  // So that a dialog it opens has somewhere to give the focus back to.
  if (document.activeElement === document.body) named.focus({ preventScroll: true });
  named.click();
  return true;
}

/* To the next claim of a card, the next row of a list, the next ticket of a board, else the head of the next sheet; or back. */
function step(by) {
  const titles = [...document.querySelectorAll("main :is(tr[data-row], .ticket) a.title")];
  const heads = [...document.querySelectorAll("main section.sheet > header h2")];
  for (const head of heads) head.tabIndex = -1; // reached from here only; Tab goes on into the sheet
  const claims = [...document.querySelectorAll("main [data-stop]")].filter((one) => one.checkVisibility());
  const stops = claims.length ? claims : titles.length ? titles : heads;
  const here = document.activeElement;
  const isBefore = (one) => one.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING;
  const at = stops.findLastIndex((one) => one === here || isBefore(one));
  const next = by < 0 && at >= 0 && stops[at] !== here ? at : at + by;
  stops[Math.max(0, Math.min(stops.length - 1, next))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (off() || isOnItsWay(opening) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const first = event.timeStamp - pending.at <= TOGETHER ? pending.key : "";
  pending = { key: "", at: 0 };
  if (first) {
    go(event, `${first} ${event.key}`);
    return;
  }
  if (begins(event.key)) pending = { key: event.key, at: event.timeStamp };
  else if (event.key === "/") {
    event.preventDefault();
    (document.querySelector("main [data-search]") ?? document.querySelector("[data-search]"))?.focus();
  } else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (!go(event, event.key) && event.key in STEPS) step(STEPS[event.key]);
});

// Who types on before the dialog is there means its first field, and none of these keys.
const isOnItsWay = (request) => request !== null && ![XMLHttpRequest.UNSENT, XMLHttpRequest.DONE].includes(request.readyState);
document.addEventListener("htmx:beforeRequest", ({ detail: { target, xhr } }) => {
  if (target?.id === "dialogs") opening = xhr;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) localStorage.setItem("keys", event.target.checked ? "on" : "off");
});
for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = !off();
