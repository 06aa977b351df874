/* The editor of a battle card: each claim is saved by itself a moment after one stops typing, against the revision it was shown at.
   What can't be saved stays in the form and in this browser, and is tried again; a claim somebody else changed shows both. Without
   scripts every button here posts its form. */
import { forget, keep, kept, left } from "./card-edit-kept.js";
import { adopt, apply, byHand, drop, refresh, reorder } from "./card-edit-page.js";
import { askToSignIn, renewOrAsk } from "./signin.js";

const PAUSE = 700; // ms without a key
const AGAIN = 4_000; // ms until what failed is tried again
const root = () => document.querySelector("[data-card-edit]");
const says = (text) => (root().querySelector("[data-edit-says]").textContent = text);
const claimOf = (element) => element.closest("[data-edit-claim]");
const formIn = (claim) => claim.querySelector("[data-edit-form]");
const forms = () => [...document.querySelectorAll("[data-edit-form], [data-edit-head]")];
const states = new WeakMap();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, busy: null, dirty: false, unsent: null, trouble: "" });
  return states.get(form);
}

function typed(form) {
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIP.has(name));
  return new URLSearchParams(pairs);
}
const SKIP = new Set(["csrfmiddlewaretoken", "revision", "typed", "do", "seen_title", "seen_note"]);

/* --- What the line above says ------------------------------------------------------------------------------------- */

function tell() {
  const all = forms().map(stateOf);
  const trouble = all.find((one) => one.trouble)?.trouble ?? "";
  const line = root().querySelector("[data-edit-state]");
  const text = trouble || (all.some((one) => one.dirty) ? "Saving …" : (line.dataset.at ?? "Everything is saved."));
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("is-bad", Boolean(trouble));
  if (trouble && trouble !== line.dataset.told) says(trouble);
  line.dataset.told = trouble;
}

function trouble(form, text, again) {
  const state = stateOf(form);
  state.trouble = text;
  clearTimeout(state.timer);
  if (again) state.timer = setTimeout(() => save(form), AGAIN);
  tell();
}

/* --- Saving ------------------------------------------------------------------------------------------------------- */

export async function post(form, body) {
  const response = await fetch(form.action, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      "HX-Request": "true",
      "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
    },
  });
  const text = await response.text();
  let data = {};
  try {
    data = JSON.parse(text);
  } catch {
    data = { page: text };
  }
  return { status: response.status, data };
}

/* Sends what stands in a form. A failed one is sent again word for word first: if only its answer was lost, that finds itself saved
   instead of somebody else's. */
function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (!form.isConnected || !state.dirty) return Promise.resolve();
  if (state.busy) return state.busy.then(() => save(form));
  state.busy = send(form, state).finally(() => (state.busy = null));
  return state.busy;
}

async function send(form, state) {
  const values = state.unsent ? state.unsent.values : typed(form).toString();
  const body = state.unsent ? state.unsent.body : new URLSearchParams(values);
  if (!state.unsent)
    for (const name of ["typed", "revision", "seen_title", "seen_note"])
      if (form.elements[name]) body.set(name, form.elements[name].value);
  state.unsent = { values, body };
  let answer;
  try {
    answer = await post(form, body);
  } catch {
    return trouble(form, "Not saved: the server can’t be reached. What you typed is kept here and tried again.", true);
  }
  const { status, data } = answer;
  if (status === 401 || (status === 403 && data.page?.includes("data-csrf-failed"))) {
    if (status === 401) askToSignIn();
    else renewOrAsk();
    return trouble(form, "Not saved: you are signed out. What you typed is kept here; sign in to go on.", true);
  }
  if (status >= 500 || status === 429)
    return trouble(form, "Not saved: the service has trouble. What you typed is kept here and tried again.", true);
  state.unsent = null;
  if (status === 409 && data.clash) return showClash(form, data);
  if (status !== 200) {
    const said = data.said ?? Object.values(data.errors ?? {}).flat().join(" ");
    return trouble(form, `Not saved: ${said || "this draft is not being written any more. Reload the page to see what became of it."}`);
  }
  state.trouble = "";
  root().querySelector("[data-edit-state]").dataset.at = `Saved ${data.saved}`;
  const claim = claimOf(form);
  if (claim) apply(claim, data);
  else adopt(form, data);
  if (typed(form).toString() === values) {
    state.dirty = false;
    forget(form);
  } else state.timer = setTimeout(() => save(form), PAUSE);
  tell();
}

function showClash(form, data) {
  const box = form.querySelector("[data-clash]");
  box.innerHTML = data.clash;
  trouble(form, "Not saved: somebody else changed this claim. Choose between the two versions.");
  box.firstElementChild.focus();
}

const clashes = (form) => Boolean(form.querySelector("[data-clash] [data-clash-sides]"));

function changed(form) {
  const state = stateOf(form);
  state.dirty = true;
  keep(form, typed(form));
  clearTimeout(state.timer);
  if (!clashes(form)) state.timer = setTimeout(() => save(form), PAUSE);
  tell();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-edit-form], [data-edit-head]");
  if (form) {
    byHand(event.target);
    changed(form);
  } else if (event.target.matches?.("[data-edit-filter]")) narrow(event.target.value);
});

addEventListener("online", () => forms().forEach(save));
addEventListener("beforeunload", (event) => {
  if (root() && forms().some((form) => stateOf(form).dirty)) event.preventDefault();
});

/* --- A claim opens and closes ------------------------------------------------------------------------------------- */

async function show(claim, { closed = false } = {}) {
  const response = await fetch(claim.dataset.url + (closed ? "?closed=1" : ""), {
    headers: { "HX-Request": "true" },
    credentials: "same-origin",
  });
  if (response.status === 401) return askToSignIn();
  if (!response.ok) return says("This claim can’t be opened now. Reload the page to see what is there.");
  const fresh = drop(claim, await response.text());
  if (closed) fresh.querySelector("[data-edit-open]").focus();
  else {
    bringBack(formIn(fresh));
    formIn(fresh)?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  }
  return fresh;
}

/* What was typed here and never saved: after a crash, or a page that was closed without the server. */
function bringBack(form) {
  const found = form && kept(form);
  if (!found || found.values === typed(form).toString()) return;
  left(form, found);
  if (form.elements.revision) form.elements.revision.value = found.revision;
  stateOf(form).dirty = true;
  save(form);
}

async function toggle(claim) {
  const form = formIn(claim);
  if (!form) return show(claim);
  await save(form);
  if (!stateOf(form).dirty) await show(claim, { closed: true });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-edit-open]");
  if (opener && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    toggle(claimOf(opener));
  }
  const take = event.target.closest?.("[data-take]");
  if (take) {
    const control = take.form.elements[take.dataset.take];
    control.value = take.dataset.value;
    if (control.matches("select"))
      for (const one of control.options) if (one.text === take.dataset.value) control.value = one.value;
    changed(take.form);
    control.focus();
  }
  const leave = event.target.closest?.("[data-edit-leave]");
  if (leave && forms().some((form) => stateOf(form).dirty)) {
    event.preventDefault();
    event.stopPropagation();
    Promise.all(forms().map(save)).then(() => {
      if (!forms().some((form) => stateOf(form).dirty)) location.assign(leave.href);
    });
  }
}, true);

/* --- Buttons ------------------------------------------------------------------------------------------------------ */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-edit-form], [data-edit-acts], [data-edit-head], [data-edit-add]")) return;
  event.preventDefault();
  event.stopPropagation();
  const button = event.submitter;
  if (form.matches("[data-edit-add]")) add(form);
  else if (form.matches("[data-edit-head]")) saveNow(form);
  else if (button?.dataset.keep) choose(form, button);
  else if (!button || button.value === "save") saveNow(form);
  else act(claimOf(form), button.value);
}, true);

function saveNow(form) {
  stateOf(form).dirty = true;
  save(form);
}

async function add(form) {
  const { status, data } = await post(form, new URLSearchParams(new FormData(form))).catch(() => ({ status: 0, data: {} }));
  if (status !== 200) return says(data.said ?? "Nothing was added: the server can’t be reached. Try again.");
  const section = form.closest("[data-edit-section]");
  section.querySelector(".edit-list").insertAdjacentHTML("beforeend", data.html);
  section.querySelector("[data-empty]").hidden = true;
  reorder(section.querySelector(".edit-list").lastElementChild, data);
  const made = section.querySelector(".edit-list").lastElementChild;
  made.scrollIntoView({ block: "center" });
  formIn(made).querySelector("textarea, select, input:not([type=hidden])").focus();
  says(`Added as ${data.place} of ${data.of}.`);
}

async function choose(form, button) {
  const claim = claimOf(form);
  const box = button.closest("[data-clash-sides]");
  if (button.value === "mine" || button.dataset.settles !== undefined) return act(claim, button.value);
  stateOf(form).trouble = "";
  if (button.dataset.keep === "theirs") {
    stateOf(form).dirty = false;
    forget(form);
    await show(claim);
  } else {
    form.elements.revision.value = box.dataset.revision;
    form.querySelector("[data-clash]").replaceChildren();
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
    saveNow(form);
  }
  tell();
}

const MOVES = ["up", "down"];

async function act(claim, does) {
  const open = formIn(claim);
  const form = claim.querySelector("[data-edit-acts]");
  const body = new URLSearchParams({ do: does });
  if (does === "mine") {
    for (const [name, value] of typed(open)) body.append(name, value);
    body.set("typed", "1");
  } else if (open && !["theirs", "revert", "remove"].includes(does)) await save(open);
  body.set("revision", claim.dataset.revision);
  const focused = document.activeElement;
  const { status, data } = await post(form, body).catch(() => ({ status: 0, data: {} }));
  if (status === 401) return askToSignIn();
  if (status === 409 && data.clash && open) return showClash(open, data);
  if (status !== 200)
    return says(data.said ?? (data.clash ? "Somebody else changed this claim meanwhile. Open it to see." : "Nothing was changed: the server can’t be reached. Try again."));
  if (MOVES.includes(does)) {
    reorder(claim, data);
    focused?.focus();
    says(`${data.title}: place ${data.place} of ${data.of}.`);
    return;
  }
  if (open) {
    stateOf(open).dirty = false;
    stateOf(open).trouble = "";
    forget(open);
  }
  const fresh = drop(claim, data.html);
  reorder(fresh, data);
  (does === "remove" ? fresh.querySelector("[value=restore]") : fresh.querySelector("[data-edit-open]")).focus();
  says(does === "remove" ? `${data.title} is taken out.` : does === "restore" ? `${data.title} is back.` : `${data.title} is saved.`);
  tell();
}

document.addEventListener("keydown", (event) => {
  const claim = event.target.closest?.("[data-edit-claim]");
  if (!claim || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const button = claim.querySelector(`[value=${event.key === "ArrowUp" ? "up" : "down"}]`);
  if (button && button.ariaDisabled !== "true") act(claim, button.value);
  else says("It is at the end already.");
});

/* --- The page ----------------------------------------------------------------------------------------------------- */

function narrow(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const claim of root().querySelectorAll("[data-edit-claim]"))
    claim.hidden = !words.every((word) => claim.dataset.words.includes(word));
}

// Where one is goes along when the page asks who else is here.
document.addEventListener("focusin", (event) => {
  const claim = event.target.closest?.("[data-edit-claim]");
  const now = document.getElementById("draft-now");
  if (!claim || !now?.dataset.liveUrl) return;
  now.dataset.liveUrl = `${now.dataset.liveUrl.split("?")[0]}?at=${claim.dataset.editClaim}`;
});

function begin() {
  if (!root() || root().dataset.begun) return;
  root().dataset.begun = "";
  forms().forEach(bringBack);
}

document.addEventListener("htmx:load", (event) => {
  begin();
  const now = document.getElementById("draft-now");
  if (!root() || !now || now.dataset.seen !== undefined) return;
  now.dataset.seen = "";
  const at = claimOf(document.activeElement ?? document.body);
  if (at && now.dataset.liveUrl) now.dataset.liveUrl = `${now.dataset.liveUrl.split("?")[0]}?at=${at.dataset.editClaim}`;
  if (event.detail.elt === now || now.contains(event.detail.elt))
    refresh(now, (claim) => {
      const form = formIn(claim);
      return !form ? "closed" : stateOf(form).dirty || stateOf(form).busy || form.contains(document.activeElement) ? "busy" : "open";
    });
});
begin();
