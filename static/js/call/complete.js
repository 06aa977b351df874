/* Completion in a notes field: a slash and some letters offer the tags, and after certain tags what usually follows (objections of the
   library, competitors, the people on the call, the questions). Arrows choose; Enter or Tab takes; Escape closes. */
const TAG = /(?:^|[\s([])\/([a-z]*)$/i;
let count = 0;

export class Completion {
  /* `follow` gives by tag [{label, insert, note, take}]; `taken(entry, field)` is told what was chosen. */
  constructor(field, { tags, follow, taken, above = true }) {
    Object.assign(this, { field, tags, follow, taken });
    this.list = document.createElement("ul");
    this.list.className = `completion${above ? " above" : ""}`;
    this.list.id = `completion-${++count}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Completions");
    this.list.hidden = true;
    field.after(this.list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", "false");
    field.addEventListener("input", () => this.offer());
    field.addEventListener("keydown", (event) => this.#key(event), true);
    field.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the text keeps the caret
      const place = [...this.list.children].indexOf(event.target.closest("[role=option]"));
      if (place >= 0) this.#take(place);
    });
  }

  get open() {
    return !this.list.hidden;
  }

  close() {
    if (!this.open) return;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  offer() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const tag = TAG.exec(before);
    if (tag) {
      const word = tag[1].toLowerCase();
      const found = this.tags.filter((one) => one.key.startsWith(word) || (word && one.label.toLowerCase().startsWith(word)));
      return this.#show(found.map((one) => ({ label: `/${one.key}`, note: one.label === one.key ? one.help : `${one.label}. ${one.help}`, insert: `/${one.key} `, tag: one.key })), before.length - tag[1].length - 1, 0);
    }
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const after = /(?:^|[\s([])\/([a-z]+)\s+([^/]{0,60})$/i.exec(line);
    const entries = after && this.follow(after[1].toLowerCase());
    if (!entries?.length) return this.close();
    const words = after[2].toLowerCase().split(/\s+/).filter(Boolean);
    const found = entries.filter((one) => words.every((word) => one.label.toLowerCase().includes(word)) && one.label.toLowerCase() !== after[2].trim().toLowerCase());
    // Nothing is chosen by itself here: Enter means the note is done.
    this.#show(found.slice(0, 12), before.length - after[2].length, -1);
  }

  #show(entries, start, chosen) {
    if (!entries.length) return this.close();
    this.entries = entries;
    this.start = start;
    this.list.replaceChildren(
      ...entries.map((entry, place) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${place}`;
        option.setAttribute("role", "option");
        const label = document.createElement("b");
        label.textContent = entry.label;
        option.append(label);
        if (entry.note) option.append(" ", Object.assign(document.createElement("small"), { textContent: entry.note }));
        return option;
      }),
    );
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.#mark(chosen);
  }

  #mark(place) {
    this.chosen = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = this.list.children[place];
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (!this.open || event.isComposing) return;
    const size = this.entries.length;
    if (event.key === "ArrowDown") this.#mark((this.chosen + 1) % size);
    else if (event.key === "ArrowUp") this.#mark(this.chosen <= 0 ? size - 1 : this.chosen - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && this.chosen >= 0 && !event.shiftKey) this.#take(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #take(place) {
    const entry = this.entries[place];
    this.close();
    this.field.setRangeText(entry.insert ?? "", this.start, this.field.selectionStart, "end");
    this.taken(entry, this.field);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
