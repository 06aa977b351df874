/* A call's review by keyboard: j and k go from proposal to proposal (shortcuts.js), and of the one that has the focus, or the
   first that is open, a accepts, e edits, r rejects and u opens again. After a decision the next open one has the focus. */
const off = () => localStorage.getItem("keys") === "off";
const review = () => document.querySelector("[data-review]");
const chosen = () =>
  document.activeElement?.closest(".proposal") ?? review()?.querySelector(".proposal.open") ?? review()?.querySelector(".proposal");

document.addEventListener("keydown", (event) => {
  if (off() || !review() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const button = ["a", "e", "r", "u"].includes(event.key) && chosen()?.querySelector(`[data-do="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  chosen().focus();
  button.click();
});

/* What was decided is in data-at; it, or the open one after it, gets the focus, so that the next key means that one. */
document.addEventListener("htmx:afterSettle", (event) => {
  const here = event.target.matches?.("[data-review]") ? event.target : null;
  if (!here) return;
  const all = [...here.querySelectorAll(".proposal")];
  const at = all.findIndex((one) => one.id === `proposal-${here.dataset.at}`);
  const next = all.slice(at + 1).find((one) => one.matches(".open")) ?? all.find((one) => one.matches(".open")) ?? all[at];
  if (here.dataset.at !== "0") next?.focus();
});
