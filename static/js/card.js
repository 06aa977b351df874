/* A battle card while somebody reads it: the filter answers while one types, one key copies a response. Claims are what carries
   data-claim; what of them is searched carries data-said, as battlecards/rules/reading.py: answers reads it on the server. */
import { toast } from "./toast.js";

const page = () => document.querySelector(".card-page");
const filter = () => document.querySelector("[data-card-filter] input[type=search]");
const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss");
const sought = (text) => [...new Set(fold(text).match(/[\p{L}\p{N}_%$]+(?:[.,'-][\p{L}\p{N}_]+)*/gu) ?? [])].slice(0, 8);
const folded = new WeakMap();

function said(claim) {
  if (!folded.has(claim)) {
    const parts = claim.querySelectorAll("[data-said]");
    folded.set(claim, fold([...parts].map((one) => one.textContent).join("\n")));
  }
  return folded.get(claim);
}

function narrow() {
  const root = page();
  const text = filter().value.trim();
  const words = sought(text);
  const claims = [...root.querySelectorAll("[data-claim]")];
  let found = 0;
  for (const claim of claims) {
    const fits = words.every((word) => said(claim).includes(word));
    claim.hidden = !fits;
    found += fits;
  }
  for (const row of root.querySelectorAll("[data-likewise]"))
    row.hidden = root.querySelector(`[data-claim="${CSS.escape(row.dataset.likewise)}"]`)?.hidden ?? false;
  for (const part of root.querySelectorAll("[data-part]"))
    part.hidden = !part.querySelector("[data-claim]:not([hidden]), [data-likewise]:not([hidden])");
  document.getElementById("card-found").textContent = words.length ? `${found} of ${claims.length} claims` : "";
  const none = root.querySelector("[data-card-none]");
  none.hidden = found > 0;
  const elsewhere = none.querySelector("[data-card-elsewhere]");
  if (elsewhere) elsewhere.search = new URLSearchParams({ q: text });
  const here = new URL(location);
  if (text) here.searchParams.set("q", text);
  else here.searchParams.delete("q");
  history.replaceState(history.state, "", here);
}

document.addEventListener("input", (event) => {
  if (event.target === filter()) narrow();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-card-filter]")) return;
  event.preventDefault();
  copy(first());
});

/* The response one would give: of what has the focus, else the first answer in sight. */
const first = () =>
  document.activeElement?.closest?.("[data-claim]") ??
  page()?.querySelector("article[data-claim]:not([hidden])") ??
  page()?.querySelector("[data-claim]:not([hidden])");

async function copy(claim) {
  if (!claim?.dataset.copied) return;
  const text = claim.dataset.copied;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    toast("The browser does not let this page copy. Select the text, and copy it yourself.", "warn");
    return;
  }
  const title = claim.querySelector("[data-said]").textContent.trim();
  toast(`Copied the answer to ${title.length > 60 ? `${title.slice(0, 60)} …` : title}`);
  for (const one of document.querySelectorAll(".is-copied")) one.classList.remove("is-copied");
  claim.classList.add("is-copied");
  const root = claim.closest("[data-card]");
  const used = root?.dataset.used;
  if (used) htmx.ajax("POST", used, { source: claim, swap: "none", values: { claim: claim.dataset.claim, deal: root.dataset.deal ?? "" } });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button.closest("[data-claim]") ?? first());
  if (event.target.closest?.("[data-print]")) print();
});
