/* The page of a call under way: puts its pieces together, and knows its keys. */
import { askToSignIn } from "../signin.js";
import { toast } from "../toast.js";
import { Clock } from "./clock.js";
import { Compose } from "./compose.js";
import { Kept } from "./kept.js";
import { List } from "./list.js";
import { knowTags } from "./marks.js";
import { Notebook } from "./notebook.js";
import { Questions } from "./questions.js";
import { Readings } from "./readings.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";
import { Tabs } from "./tabs.js";

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("call-data").textContent);
const field = byId("note-field");

const store = new Store(data.person, data.call);
const tabs = new Tabs(`call:${data.person}:${data.call}`);
const notebook = new Notebook(store, tabs);
const sync = new Sync(data, notebook, tabs);
const questions = new Questions(byId("call-questions"), { url: data.questionUrl, sync });
const clock = new Clock(byId("parts"), { url: data.partUrl, sync, whole: byId("whole-clock") });
sync.took(data.first);
knowTags(data.tags.map((tag) => tag.key));

let compose = null;
const readings = new Readings(notebook, () => compose?.back());
const edit = {
  open: (note, item) => compose?.open(note, item),
  toggle: (note) => notebook.write(note, { for_customer: !(note.for_customer ?? note.customer ?? false) }),
  back: () => compose?.back(),
};
const list = new List(byId("jottings"), notebook, { questions, readings, edit });
new Kept(byId("kept"), sync, store);

/* What usually follows a tag. */
const FOLLOW = {
  objection: () => data.objections.map((one) => ({ label: one.text, note: one.quick, insert: one.text, objection: one.key })),
  competitor: () => data.competitors.map((one) => ({ label: one.name, insert: `${one.name} ` })),
  person: () => data.people.map((one) => ({ label: one, insert: `${one} ` })),
  q: () => [...questions.rows].map(([id, row]) => ({ label: row.text, insert: "", question: id })),
};
const completions = {
  tags: [...data.tags, { key: "q", label: "Question", help: "Say which question this note answers." }],
  follow: (tag) => FOLLOW[tag]?.(),
  taken(entry, area, note = compose?.note) {
    if (entry.objection && note) notebook.write(note, { objection: entry.objection }, { quiet: true });
    if (!entry.question) return;
    // "/q" was only the way there.
    const start = area.value.slice(0, area.selectionStart).replace(/\/q\s+$/i, "");
    area.setRangeText(start, 0, area.selectionStart, "end");
    if (area === field) {
      if (questions.tied !== entry.question) questions.ask(entry.question);
    } else notebook.write(note, { question: entry.question }, { quiet: true });
  },
};

if (field) {
  compose = new Compose(field, notebook, { list, questions, completions, running: () => clock.running, status: byId("compose-state") });
  field.required = false;
  field.removeAttribute("maxlength"); // it would cut what is pasted; too long a note is kept here, and said to be
  const kept = store.notes();
  const mine = kept.filter((note) => note.tab === tabs.id);
  for (const note of mine) take(note);
  // Typed before this script was there.
  if (field.value && !compose.note) compose.typed();
  takeOver(kept.filter((note) => note.tab !== tabs.id));
  tabs.addEventListener("renamed", ({ detail: before }) => giveBack(mine, before));
  field.focus({ preventScroll: true });
  compose.say();
} else sync.start();

function take(note) {
  notebook.adopt(note);
  const own = notebook.notes.get(note.id);
  // Into the field only before anything was typed there: never under the cursor.
  if (own.draft && !compose.used) compose.restore(own);
  else if (own.draft) notebook.write(own, { draft: false });
}

/* What tabs left behind that are gone. Those that live send their own. */
async function takeOver(others) {
  sync.start();
  await tabs.roll();
  for (const note of others.filter((one) => !tabs.alive.has(one.tab))) take(store.get(`note:${note.id}`) ?? note);
  sync.now();
}

/* This tab is a copy of one that lives: what it found belongs to that one, but for what was typed here since. */
function giveBack(found, before) {
  for (const kept of found) {
    const note = notebook.notes.get(kept.id);
    if (!note) continue;
    const isHere = compose.note === note;
    const typed = note.text !== kept.text;
    if (isHere) {
      compose.note = null;
      if (!typed) field.value = "";
    }
    notebook.release(note);
    store.set(`note:${kept.id}`, { ...kept, tab: before });
    if (isHere && typed) compose.typed();
  }
}

sync.addEventListener("refused", ({ detail }) => toast(detail || "That could not be done any more.", "warn"));
sync.addEventListener("call", ({ detail }) => {
  if (detail.state !== data.callState) {
    data.callState = detail.state;
    toast(detail.state === "live" ? "The call is under way." : "The call has ended. What you type is still noted.");
  }
});

const NOT_ENDED = {
  signin: "You have been signed out, so the call can’t be ended yet. Sign in again and end it then; nothing is lost.",
  gone: "The call is not yours to see any more, so it can’t be ended here. What you typed is saved, or kept on this computer.",
};

/* Ending it first brings everything to the server; that is tried once whatever the last try came to. */
byId("end-call")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (compose?.field.value.trim()) compose.finish();
  for (let tries = 0; tries === 0 || (tries < 5 && sync.waiting && !sync.trouble); tries++) await sync.now();
  if (sync.trouble) {
    toast(NOT_ENDED[sync.trouble] ?? "The server can’t be reached, so the call can’t be ended yet. Your notes are kept on this computer.", "warn");
    if (sync.trouble === "signin") askToSignIn();
    return;
  }
  form.submit();
});

const KEYS = {
  KeyN: () => field?.focus(),
  KeyQ: () => questions.enter(),
  KeyP: (event) => clock.next(event.shiftKey ? -1 : 1),
  KeyC: () => compose?.toggle(),
  KeyL: () => list.last()?.item.focus(),
};
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit && field && !event.shiftKey) questions.nth(Number(digit));
  else if (KEYS[event.code]) KEYS[event.code](event);
  else return;
  event.preventDefault();
});
