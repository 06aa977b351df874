/* The field one types in, and own notes edited where they stand. Each letter is in the notebook, and so in the store, before its event is
   over. Enter makes what stands there a note of its own; Shift and Enter begins a line. */
import { Completion } from "./complete.js";

export class Compose {
  constructor(field, notebook, { list, questions, completions, running, status }) {
    Object.assign(this, { field, notebook, questions, completions, running, status });
    this.list = list;
    this.note = null;
    this.used = false; // whether anything was typed, or is back
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.finish();
    });
    this.completion = new Completion(field, this.completions);
    field.addEventListener("input", () => this.typed());
    field.addEventListener("keydown", (event) => this.#key(event));
    notebook.addEventListener("forked", ({ detail: { note, from } }) => {
      if (this.note?.id === from) this.note = note;
    });
    notebook.addEventListener("gone", ({ detail: { note } }) => note === this.note && this.#leave());
    notebook.addEventListener("changed", ({ detail: { note } }) => note === this.note && this.say());
    questions.addEventListener("tied", () => this.tie());
  }

  /* What was being typed in this tab before it was loaded anew. */
  restore(note) {
    this.note = note;
    this.used = true;
    this.questions.tied = note.question;
    if (this.field.value !== note.text) this.field.value = note.text;
    this.field.setSelectionRange(note.text.length, note.text.length);
    this.say();
  }

  typed() {
    const text = this.field.value;
    this.used = true;
    if (!this.note && !text) return;
    this.note ??= this.notebook.begin({ draft: true, part: this.running(), question: this.questions.tied });
    this.notebook.write(this.note, { text }, { quiet: true });
    this.say();
  }

  /* The question just marked is what this note answers. */
  tie() {
    if (this.note) this.notebook.write(this.note, { question: this.questions.tied }, { quiet: true });
    this.say();
    this.field.focus();
  }

  toggle() {
    this.note ??= this.notebook.begin({ draft: true, part: this.running(), question: this.questions.tied });
    const now = this.note.for_customer ?? this.note.customer ?? false;
    this.notebook.write(this.note, { for_customer: !now }, { quiet: true });
    this.say();
  }

  finish() {
    const { note } = this;
    this.completion.close();
    if (!this.field.value.trim()) return;
    this.note = null;
    this.field.value = "";
    this.questions.tied = null;
    this.notebook.write(note, { draft: false, text: note.text.trimEnd() }, { quiet: true });
    this.list.show(note);
    this.say();
  }

  /* What stands here is another tab's, which went on with it. */
  #leave() {
    this.note = null;
    this.field.value = "";
    this.say();
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.finish();
    } else if (event.key === "ArrowUp" && !this.field.value && !event.altKey) {
      const row = this.list.last((note) => note?.mine);
      if (!row) return;
      event.preventDefault();
      this.open(this.notebook.notes.get(row.id), row.item);
    }
  }

  say() {
    const question = this.questions.text(this.questions.tied);
    const parts = [];
    if (question) parts.push(`To: ${question}`);
    if (this.note?.for_customer === true) parts.push("For the customer");
    if (this.note?.for_customer === false) parts.push("Internal");
    for (const one of this.note?.found ?? []) if (this.note.text.includes(one.text)) parts.push(`${one.text} = ${one.words}`);
    this.status.textContent = parts.join(" · ") || "Enter notes it, Shift+Enter begins a line, / tags it.";
  }

  back() {
    this.field.focus();
  }

  /* An own note where it stands. */
  open(note, item) {
    if (item.dataset.editing !== undefined) return;
    item.dataset.editing = "";
    this.notebook.hold(note.id);
    let current = note;
    const area = document.createElement("textarea");
    area.value = note.text;
    area.rows = Math.min(12, note.text.split("\n").length + Math.ceil(note.text.length / 90));
    area.setAttribute("aria-label", "Change this note");
    item.querySelector(".words").replaceChildren(area);
    const completion = new Completion(area, { ...this.completions, above: false, taken: (entry) => this.completions.taken(entry, area, current) });
    const forked = ({ detail }) => {
      if (detail.from === current.id) current = detail.note;
    };
    this.notebook.addEventListener("forked", forked);
    const done = (focus) => {
      if (!area.isConnected) return;
      this.notebook.removeEventListener("forked", forked);
      completion.close();
      delete item.dataset.editing;
      this.notebook.letGo(current.id);
      if (!current.text.trim() && !current.deleted) this.notebook.write(current, { text: "", deleted: true });
      this.list.show(this.notebook.notes.get(note.id) ?? note, { follow: false });
      if (current !== note) this.list.show(current, { follow: false });
      if (focus) this.back();
    };
    area.addEventListener("input", () => this.notebook.write(current, { text: area.value }, { quiet: true }));
    area.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if ((event.key === "Enter" && !event.shiftKey) || event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        done(true);
      }
    });
    area.addEventListener("blur", () => done(false));
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    item.scrollIntoView({ block: "nearest" });
  }
}
