/* What was noted, in the order of its moments. Rows are made a few at a time, so that two thousand of them never hold a key up, and a
   row changes only when its note does; what stands above grows without moving what is read, or the field below. */
import { marked } from "./marks.js";

const SLICE = 6; // ms of work in one go
const NEAR = 40; // px from the end that count as being there
const soon = (work) => ("requestIdleCallback" in window ? requestIdleCallback(work, { timeout: 120 }) : setTimeout(work, 16));

export class List {
  constructor(box, notebook, { questions, readings, edit }) {
    Object.assign(this, { box, notebook, questions, readings, edit });
    this.rows = []; // {at, id, item}, in order
    this.items = new Map();
    this.waiting = new Map();
    this.busy = false;
    box.replaceChildren();
    for (const what of ["changed", "gone", "forked"]) notebook.addEventListener(what, ({ detail }) => this.ask(detail.note));
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("click", (event) => this.#click(event));
    box.addEventListener("focusout", (event) => this.#leave(event.target.closest("li[data-note]")));
    box.addEventListener("focusin", (event) => this.#enter(event.target.closest("li[data-note]")));
  }

  ask(note) {
    this.waiting.set(note.id, note);
    if (this.busy) return;
    this.busy = true;
    soon(() => this.#work());
  }

  /* Drawn now: what was just written goes where it is seen. */
  show(note, { follow = true } = {}) {
    this.#draw(note);
    this.waiting.delete(note.id);
    if (follow) this.box.scrollTop = this.box.scrollHeight;
  }

  #work() {
    const until = performance.now() + SLICE;
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    // The newest first: what one sees.
    const order = this.waiting.size > 20 ? [...this.waiting.values()].sort((a, b) => (a.at < b.at ? 1 : -1)) : [...this.waiting.values()];
    for (const note of order) {
      this.waiting.delete(note.id);
      this.#draw(this.notebook.notes.get(note.id) ?? note);
      if (performance.now() > until) break;
    }
    if (atEnd) this.box.scrollTop = this.box.scrollHeight;
    this.busy = this.waiting.size > 0;
    if (this.busy) soon(() => this.#work());
    else this.box.dispatchEvent(new Event("drawn"));
  }

  #draw(note) {
    const item = this.items.get(note.id);
    const there = this.notebook.notes.get(note.id) === note && !note.deleted && !note.draft && (note.text.trim() || item?.dataset.editing !== undefined);
    if (!there) return this.#take(note.id);
    if (item?.dataset.editing !== undefined) return; // never under a cursor
    if (item && item !== document.activeElement && item.contains(document.activeElement)) {
      item.dataset.stale = "";
      return;
    }
    const fresh = item ?? this.#put(note);
    fresh.className = `${note.mine ? "mine" : "theirs"}${note.refused ? " refused" : ""}`;
    fresh.replaceChildren(this.#head(note), this.#words(note), ...this.readings.of(note), ...(note.refused ? [this.#refused(note)] : []));
    if (fresh === this.active) this.#stops(fresh, 0);
  }

  #put(note) {
    const item = document.createElement("li");
    item.dataset.note = note.id;
    item.tabIndex = -1;
    const row = { at: note.at, id: note.id, item };
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      const one = this.rows[mid];
      if (one.at < row.at || (one.at === row.at && one.id < row.id)) low = mid + 1;
      else high = mid;
    }
    this.box.insertBefore(item, this.rows[low]?.item ?? null);
    this.rows.splice(low, 0, row);
    this.items.set(note.id, item);
    return item;
  }

  #take(id) {
    const item = this.items.get(id);
    if (!item) return;
    item.remove();
    this.items.delete(id);
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  #head(note) {
    const head = document.createElement("small");
    const at = new Date(note.at);
    const who = note.mine ? "" : ` ${note.author?.name ?? ""}`;
    head.append(`${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}${who}`);
    const question = this.questions.text(note.question);
    if (question) head.append(` · to: ${question}`);
    if (note.objection) head.append(" · from the library");
    const forThem = note.for_customer ?? note.customer;
    if (forThem !== undefined) {
      const mark = document.createElement("span");
      mark.className = forThem ? "for-customer" : "for-us";
      mark.textContent = forThem ? "for the customer" : "internal";
      head.append(" ", mark);
    }
    return head;
  }

  #words(note) {
    const words = document.createElement("div");
    words.className = "words";
    words.append(marked(note.text));
    return words;
  }

  #refused(note) {
    const said = document.createElement("p");
    said.className = "error";
    said.textContent = `${note.refused} It is kept on this computer.`;
    return said;
  }

  /* Only the row that has the focus has stops for Tab in it. */
  #enter(item) {
    if (this.active === item) return;
    this.#stops(this.active, -1);
    this.active = item;
    this.#stops(item, 0);
  }

  #stops(item, index) {
    for (const button of item?.querySelectorAll("button") ?? []) button.tabIndex = index;
  }

  /* What came for a row while the focus was in it. */
  #leave(item) {
    if (item?.dataset.stale === undefined) return;
    delete item.dataset.stale;
    const note = this.notebook.notes.get(item.dataset.note);
    if (note) this.ask(note);
  }

  last(test = () => true) {
    return this.rows.findLast((row) => test(this.notebook.notes.get(row.id)));
  }

  #key(event) {
    const item = event.target.closest("li[data-note]");
    if (event.target.closest("input, select, textarea") || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = this.rows.findIndex((row) => row.item === item);
    const next = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: this.rows.length - 1 }[event.key];
    const note = item && this.notebook.notes.get(item.dataset.note);
    if (next !== undefined) {
      const to = place < 0 ? this.rows.at(-1) : this.rows[next];
      if (to) {
        to.item.focus({ preventScroll: true });
        to.item.scrollIntoView({ block: "nearest" });
      } else if (event.key === "ArrowDown") this.edit.back();
    } else if (event.key === "Escape") this.edit.back();
    else if (item && event.target === item && note?.mine && event.key === "Enter") this.edit.open(note, item);
    else if (item && event.target === item && note?.mine && event.key === "c") this.edit.toggle(note);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #click(event) {
    const words = event.target.closest(".words");
    const item = words?.closest("li[data-note]");
    const note = item && this.notebook.notes.get(item.dataset.note);
    if (note?.mine && String(getSelection()) === "") this.edit.open(note, item);
  }
}
