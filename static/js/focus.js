/* The keyboard stays where it was. Where a swap takes away what has the focus, its likeness in the new part gets it: what has
   the same id, else the same address, name and words, else one of these; else what stands in its place. So it is where a
   dialog closes whose opener was swapped meanwhile. A module that knows better puts the focus there itself, before or after. */
const REACHED =
  "a[href], button:not(:disabled), input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";
const reached = (root) => [...root.querySelectorAll(REACHED)].filter((one) => one.checkVisibility());
const words = (one) => one.getAttribute("aria-label") ?? one.textContent.trim();
const address = (one) => one.getAttribute("href") ?? one.form?.getAttribute("action") ?? "";
const named = (one) => `${one.tagName} ${one.name ?? ""} ${one.type === "radio" || one.type === "checkbox" ? one.value : ""}`;
let lost = null;
let opener = null;

function traits(one, within = one) {
  const root = within.closest("[id]") ?? document.body;
  const box = one.getBoundingClientRect();
  return {
    id: one.id,
    named: named(one),
    address: address(one),
    words: words(one),
    root: root.id,
    place: reached(root).indexOf(one),
    shown: box.bottom > 0 && box.top < innerHeight,
  };
}

function likeness(was) {
  if (was.id && document.getElementById(was.id)) return document.getElementById(was.id);
  const root = document.getElementById(was.root) ?? document.getElementById("main");
  const all = reached(root);
  const same = all.filter((one) => named(one) === was.named);
  return (
    same.find((one) => address(one) === was.address && words(one) === was.words) ??
    same.find((one) => was.address && address(one) === was.address) ??
    same.find((one) => was.words && words(one) === was.words) ??
    all[Math.max(0, Math.min(was.place, all.length - 1))] ??
    document.getElementById("main")
  );
}

function restore(was) {
  if (was && document.activeElement === document.body) likeness(was)?.focus({ preventScroll: !was.shown });
}

/* Before `target` is swapped for something else; htmx's own swaps are noticed here. */
export function leaving(target) {
  const one = document.activeElement;
  if (one !== document.body && target !== document.body && target.contains(one)) lost = traits(one, target);
}

document.addEventListener("htmx:beforeSwap", ({ detail: { target, shouldSwap } }) => {
  if (!shouldSwap) return;
  const one = document.activeElement;
  if (target.id === "dialogs" && one !== document.body && !one.closest("dialog")) opener = traits(one);
  leaving(target);
});

document.addEventListener("htmx:afterSettle", () => {
  restore(lost);
  lost = null;
});

document.addEventListener(
  "close",
  (event) => {
    if (!event.target.matches("dialog") || document.querySelector("dialog[open]")) return;
    restore(opener);
    opener = null;
  },
  true,
);
