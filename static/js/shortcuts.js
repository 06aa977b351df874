/* Keys of one letter: "/" to the search field, "g" and a letter to a place (data-key on a link of the rail), "n" for a new
   deal, "?" for the list of keys, which crm/rules/keys.py writes. They can be turned off in that list, for speech input types letters too. */
const off = () => localStorage.getItem("keys") === "off";
let pending = false;

function go(key) {
  document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (pending) {
    pending = false;
    return go(`g ${event.key}`);
  }
  if (event.key === "g") {
    pending = true;
    setTimeout(() => (pending = false), 1200);
  } else if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-search]")?.focus();
  } else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (event.key === "n") go("n");
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) localStorage.setItem("keys", event.target.checked ? "on" : "off");
});
for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = !off();
