/* The notes of one call as this page knows them. A note's `revision` counts its changes; `base` is the one the server had when this
   text was begun from it: where the server has a later one, another tab or machine wrote meanwhile, and both texts are kept.
   `tried` remembers what was sent without an answer, so that this page's own words are not taken for somebody else's. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID(); // not on plain http
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function hash(text) {
  let sum = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) sum = Math.imul(sum ^ text.charCodeAt(place), 0x01000193);
  return `${text.length}:${sum >>> 0}`;
}

const SENT = ["id", "revision", "base", "at", "text", "question", "part", "for_customer", "readings", "objection", "deleted"];
const TAKEN = [...SENT, "author", "mine", "sequence", "found", "customer", "imported_from"];
const READ = ["sequence", "found", "customer"];
/* Whether their text has every word of ours, from its beginning: two notes of it would say the same twice. */
const saysAll = (theirs, ours) => !theirs.deleted && !ours.deleted && ours.text !== "" && theirs.text.startsWith(ours.text);
const pick = (note, names) => Object.fromEntries(names.filter((name) => name in note).map((name) => [name, note[name]]));

export class Notebook extends EventTarget {
  constructor(store, tabs) {
    super();
    this.store = store;
    this.tabs = tabs;
    this.notes = new Map();
    this.dirty = new Set();
    this.held = new Set(); // under somebody's cursor: what arrives for them waits
  }

  /* Why the server takes some note not as it stands; "" where it took all it was sent. */
  get refusal() {
    for (const note of this.notes.values()) if (note.refused) return note.refused;
    return "";
  }

  #tell(what, note, more = {}) {
    this.dispatchEvent(new CustomEvent(what, { detail: { note, ...more } }));
  }

  /* A new note of one's own; nobody hears of it before something is written in it. */
  begin(values) {
    const at = new Date().toISOString();
    const note = { id: uuid(), revision: 0, base: 0, at, text: "", question: null, part: "", for_customer: null, readings: {}, objection: "", deleted: false, mine: true, tried: {}, ...values };
    this.notes.set(note.id, note);
    return note;
  }

  /* A change by this page: kept before this returns. */
  write(note, values, { quiet = false } = {}) {
    Object.assign(note, values);
    note.revision = Math.max(note.revision, note.base) + 1;
    note.tab = this.tabs.id;
    delete note.refused;
    this.dirty.add(note.id);
    this.store.keep(note);
    if (!quiet) this.#tell("changed", note);
    this.#tell("written", note);
  }

  /* What another life of this page left behind. */
  adopt(kept) {
    if (this.notes.get(kept.id)?.revision > kept.revision) return;
    const note = { tried: {}, ...kept, mine: true, tab: this.tabs.id };
    delete note.refused;
    this.notes.set(note.id, note);
    if (note.revision > note.base) this.dirty.add(note.id);
    this.store.keep(note);
    this.#tell("changed", note);
  }

  /* It belongs to another tab after all. */
  release(note) {
    this.dirty.delete(note.id);
    this.notes.delete(note.id);
    this.#tell("gone", note);
  }

  /* What to send, oldest first, each remembered as tried. */
  batch(most, size) {
    const found = [];
    let length = 0;
    const waiting = [...this.dirty].map((id) => this.notes.get(id)).filter((note) => note && !note.refused);
    for (const note of waiting.sort((a, b) => (a.at < b.at ? -1 : 1))) {
      length += note.text.length + 400;
      if (found.length && (found.length >= most || length > size)) break;
      note.tried[note.revision] = hash(note.text);
      this.store.keep(note);
      found.push(pick(note, SENT));
    }
    return found;
  }

  /* `read` is the note as it was understood, `sent` the revision that went out. The server may count higher and say the same:
     another tab took the note over. Then there is nothing left to send, but for what was typed since. */
  saved(id, revision, read, sent) {
    const note = this.notes.get(id);
    if (!note) return;
    if (revision > note.revision) note.revision = revision + (note.revision > sent ? 1 : 0);
    else if (revision === note.revision && note.revision > sent) note.revision += 1;
    note.base = revision;
    note.tried = {};
    const clean = revision === note.revision;
    if (clean) {
      this.dirty.delete(id);
      if (read) Object.assign(note, pick(read, READ));
    }
    if (clean && !note.draft) this.store.forget(id);
    else this.store.keep(note);
    if (clean) this.#tell("changed", note);
  }

  refused(id, sentence) {
    const note = this.notes.get(id);
    if (!note) return;
    note.refused = sentence;
    this.dirty.delete(id);
    this.store.keep(note);
    this.#tell("changed", note);
  }

  /* The server has something else than what was sent. */
  stands(theirs) {
    const note = this.notes.get(theirs.id);
    if (!note) return this.arrives(theirs);
    const same = note.text === theirs.text && note.deleted === theirs.deleted;
    const goesOn = !theirs.deleted && theirs.text && note.text.startsWith(theirs.text);
    if (same || goesOn || note.tried[theirs.revision] === hash(theirs.text)) {
      // Our own words, though the answer was lost, or another tab took them over: on from there.
      note.base = theirs.revision;
      note.revision = Math.max(note.revision, theirs.revision + 1);
      this.dirty.add(note.id);
      this.store.keep(note);
      return;
    }
    if (saysAll(theirs, note)) return this.#yield(note, theirs);
    this.#fork(note, theirs);
  }

  /* Another tab took over what this one had while it stood still, and went on with it. */
  #yield(note, theirs) {
    this.release(note);
    this.held.delete(note.id);
    this.store.forget(note.id);
    this.arrives(theirs);
  }

  /* Both are kept: theirs under the note's id, ours as a note of its own, and whoever types goes on typing in that. */
  #fork(note, theirs) {
    const { id } = note;
    const ours = { ...note, id: uuid(), revision: 0, base: 0, tried: {} };
    this.notes.set(ours.id, ours);
    if (this.held.delete(id)) this.held.add(ours.id);
    this.dirty.delete(id);
    this.store.forget(id);
    this.notes.set(id, { ...pick(theirs, TAKEN), base: theirs.revision, tried: {} });
    this.#tell("forked", ours, { from: id });
    if (ours.text) this.write(ours, {});
    this.#tell("changed", this.notes.get(id));
  }

  /* From the server: others' notes, and one's own from elsewhere. */
  arrives(theirs) {
    const note = this.notes.get(theirs.id);
    if (note && note.sequence >= theirs.sequence) return;
    if (note && (this.dirty.has(note.id) || this.held.has(note.id) || note.draft)) {
      note.sequence = theirs.sequence;
      if (!this.dirty.has(note.id) && theirs.text === note.text) note.base = Math.max(note.base, theirs.revision);
      else if (this.held.has(note.id)) note.incoming = theirs;
      return; // what is sent next finds out
    }
    const fresh = { ...pick(theirs, TAKEN), base: theirs.revision, tried: {} };
    if (note) Object.assign(note, fresh);
    else this.notes.set(theirs.id, fresh);
    this.#tell("changed", note ?? fresh);
  }

  hold(id) {
    this.held.add(id);
  }

  letGo(id) {
    this.held.delete(id);
    const note = this.notes.get(id);
    if (!note?.incoming) return;
    const { incoming } = note;
    delete note.incoming;
    if (!this.dirty.has(id)) Object.assign(note, pick(incoming, TAKEN), { base: incoming.revision });
  }
}
