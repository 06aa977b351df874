/* Notes that are still on this computer though no page of their call is open: sent from the list of calls, and where they can't be,
   shown, to be saved as a file. They stay until their author throws them away. */
const QUIET = 60_000; // ms without a key: a page that is open sends its own before
const MOST = 100;
const REFUSED = new Set([400, 403, 404, 413, 422]); // as they are; after anything else the next look at this page tries again

export function asFile(notes) {
  const text = notes.map((note) => `${note.at.slice(0, 16).replace("T", " ")}\n${note.text}\n`).join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = "notes-not-sent.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/* By call: [{key, note}], of this person alone. */
function kept(person) {
  const found = new Map();
  for (const key of Object.keys(localStorage)) {
    const call = new RegExp(`^call:${person}:(\\d+):note:`).exec(key)?.[1];
    const note = call && JSON.parse(localStorage.getItem(key));
    if (!note?.id || !(note.revision > note.base) || Date.now() - note.kept < QUIET) continue;
    found.set(call, [...(found.get(call) ?? []), { key, note }]);
  }
  return found;
}

const SENT = ["id", "revision", "base", "at", "text", "question", "part", "for_customer", "readings", "objection", "deleted"];

async function post(url, person, notes) {
  const entries = notes.map(({ note }) => Object.fromEntries(SENT.filter((name) => name in note).map((name) => [name, note[name]])));
  const headers = { "Content-Type": "application/json", "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] };
  return fetch(url, { method: "POST", headers, body: JSON.stringify({ entries, since: 2 ** 53 - 1, person: Number(person) }) });
}

/* Those that could not be sent, or of which something else stands at the server. */
async function send(call, person, notes) {
  const left = [];
  for (let from = 0; from < notes.length; from += MOST) {
    const some = notes.slice(from, from + MOST);
    let answer = await post(`/calls/${call}/entries/`, person, some);
    if (answer.status === 404) answer = await post(`/calls/${call}/left/`, person, some);
    if (!answer.ok) {
      if (REFUSED.has(answer.status)) left.push(...some);
      continue;
    }
    const { saved, stands = [] } = await answer.json();
    const other = new Set(stands.map((one) => one.id));
    for (const one of some) {
      if (one.note.id in saved && !other.has(one.note.id)) localStorage.removeItem(one.key);
      else left.push(one);
    }
  }
  return left;
}

export async function sendKept(box) {
  const person = document.body.dataset.person;
  try {
    const left = [];
    for (const [call, notes] of kept(person)) left.push(...(await send(call, person, notes)));
    if (left.length) show(box, left);
  } catch {
    /* No storage, or no network: the next look at this page tries again. */
  }
}

function show(box, left) {
  box.querySelector("[data-count]").textContent = left.length === 1 ? "A note" : `${left.length} notes`;
  const list = box.querySelector("ul");
  list.replaceChildren(...left.map(({ note }) => Object.assign(document.createElement("li"), { textContent: note.text })));
  const [save, away] = box.querySelectorAll("button");
  save.addEventListener("click", () => asFile(left.map(({ note }) => note)));
  away.addEventListener("click", () => {
    for (const { key } of left) localStorage.removeItem(key);
    box.hidden = true;
  });
  box.hidden = false;
}

const box = document.getElementById("unsent-notes");
if (box) sendKept(box);
