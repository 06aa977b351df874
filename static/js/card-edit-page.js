/* What the editor's page shows of a claim once it is saved, and of what others change. */
const root = () => document.querySelector("[data-card-edit]");
const formIn = (claim) => claim.querySelector("[data-edit-form]");
let soon = 0;

/* Something stands where the claim was; gives back the new one. */
export function drop(claim, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("[data-edit-claim]");
  claim.replaceWith(fresh);
  preview(fresh);
  return fresh;
}

/* Saved: revision, marks, faults and differences are the server's; what stands in the fields is not touched. */
export function apply(claim, data) {
  claim.dataset.revision = data.revision;
  for (const input of claim.querySelectorAll("[name=revision]")) input.value = data.revision;
  claim.querySelector("[data-marks]").innerHTML = data.marks;
  claim.querySelector("[data-edit-open]").textContent = data.title;
  const form = formIn(claim);
  if (form) {
    form.querySelector("[data-diff]").innerHTML = data.diff;
    form.querySelector("[data-saved]").textContent = `Saved ${data.saved}`;
    const revert = form.querySelector("[value=revert]");
    if (revert) revert.hidden = !form.querySelector("[data-diff] .word-diff");
    fault(form, data.faults);
  }
  preview(claim);
}

function fault(form, faults) {
  for (const line of form.querySelectorAll("[data-fault]")) {
    const mine = faults.filter((one) => one.field === line.dataset.fault).map((one) => one.text);
    line.hidden = mine.length === 0;
    line.querySelector("span").textContent = mine.join(" ");
    const control = line.parentElement.querySelector("textarea, select, input");
    if (!line.dataset.fault || !control) continue;
    if (mine.length) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

export function adopt(form, data) {
  form.elements.seen_title.value = data.seen_title;
  form.elements.seen_note.value = data.seen_note;
  form.querySelector("[data-saved]").textContent = `Saved ${data.saved}`;
  preview();
}

/* The claims of a section in the server's order; ends of the list say so, and the counts. */
export function reorder(claim, { order, section }) {
  const list = claim.closest(".edit-list");
  for (const key of order) {
    const one = document.getElementById(`claim-${key}`);
    if (one) list.append(one);
  }
  ends(list);
  const count = document.querySelector(`[data-count="${section}"]`);
  if (count) count.textContent = list.querySelectorAll("[data-edit-claim]:not(.is-removed)").length;
  preview(claim);
}

function ends(list) {
  const standing = [...list.querySelectorAll("[data-edit-claim]:not(.is-removed)")];
  standing.forEach((one, index) => {
    one.querySelector("[value=up]")?.setAttribute("aria-disabled", String(index === 0));
    one.querySelector("[value=down]")?.setAttribute("aria-disabled", String(index === standing.length - 1));
  });
}

/* Of what there may be several, an empty box is always left to write on in. */
export function byHand(control) {
  const box = control.closest?.("[data-several] .one-of");
  if (!box || box.nextElementSibling || !control.value) return;
  const next = box.cloneNode(true);
  for (const one of next.querySelectorAll("textarea, input")) {
    one.value = "";
    one.textContent = "";
    one.removeAttribute("id");
    one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+$/, (n) => Number(n) + 1));
  }
  box.after(next);
}

function preview(claim) {
  clearTimeout(soon);
  soon = setTimeout(() => draw(claim?.dataset.editClaim), 250);
}

async function draw(key) {
  const holder = root()?.querySelector("[data-edit-preview]");
  if (!holder || !holder.checkVisibility()) return;
  const response = await fetch(root().dataset.preview, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return;
  holder.innerHTML = await response.text();
  point(key);
}

/* The claim one is at, in the preview beside it. */
function point(key) {
  const pane = root().querySelector(".edit-preview");
  for (const one of pane.querySelectorAll(".is-here")) one.classList.remove("is-here");
  const shown = key && pane.querySelector(`#c-${CSS.escape(key)}`);
  if (!shown) return;
  shown.classList.add("is-here");
  const top = shown.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  if (top < 0 || top > pane.clientHeight - 80) pane.scrollTop += top - pane.clientHeight / 3;
}
document.addEventListener("focusin", (event) => {
  const claim = event.target.closest?.("[data-card-edit] [data-edit-claim]");
  if (claim) point(claim.dataset.editClaim);
});

/* Others changed something: the page is asked for anew, and what nobody is writing in here is taken from it. `stands` says of a claim
   whether it is "closed", "open", or "busy". */
export async function refresh(now, stands) {
  const there = JSON.parse(now.dataset.revisions ?? "{}");
  const mine = [...root().querySelectorAll("[data-edit-claim]")];
  const known = new Map(mine.map((one) => [one.dataset.editClaim, one]));
  const differs = Object.entries(there).filter(([key, revision]) => Number(known.get(key)?.dataset.revision) !== revision);
  if (!differs.length || !differs.some(([key]) => !known.has(key) || stands(known.get(key)) !== "busy" || !formIn(known.get(key))?.dataset.told)) return;
  const response = await fetch(location.pathname, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || !root()) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const fresh of page.querySelectorAll("[data-edit-claim]")) {
    const here = document.getElementById(fresh.id);
    if (!here) {
      const section = document.getElementById(fresh.closest(".edit-section").id);
      section.querySelector(".edit-list").append(document.adoptNode(fresh));
      section.querySelector("[data-empty]").hidden = true;
    } else if (here.dataset.revision !== fresh.dataset.revision) {
      const how = stands(here);
      if (how === "closed") here.replaceWith(document.adoptNode(fresh));
      else if (how === "open") await reopen(here);
      else warn(here);
    }
  }
  for (const section of page.querySelectorAll(".edit-section")) {
    const list = document.querySelector(`#${section.id} .edit-list`);
    for (const one of section.querySelectorAll("[data-edit-claim]")) {
      const here = document.getElementById(one.id);
      if (here && !here.contains(document.activeElement)) list.append(here);
    }
    ends(list);
  }
  preview();
}

async function reopen(claim) {
  const response = await fetch(claim.dataset.url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (response.ok) drop(claim, await response.text());
}

function warn(claim) {
  const form = formIn(claim);
  form.dataset.told = "";
  form.querySelector("[data-saved]").textContent = "Somebody else changed this claim. Saving yours shows both.";
}
