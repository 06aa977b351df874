/* What was recognised in a note: amounts, dates, counts, percentages, each with how it was understood; a key opens it to correct it. */
const KINDS = [
  ["money", "Amount"],
  ["count", "Count"],
  ["percent", "Percentage"],
  ["date", "Date"],
  ["none", "Nothing of the kind"],
];

export class Readings {
  constructor(notebook, back) {
    Object.assign(this, { notebook, back });
  }

  /* The row under a note's words; none where nothing was recognised. */
  of(note) {
    const corrected = Object.entries(note.readings ?? {}).filter(([text, said]) => said.kind === "none" && note.text.includes(text));
    const found = (note.found ?? []).filter((one) => note.text.includes(one.text));
    if (!found.length && !corrected.length) return [];
    const row = document.createElement("div");
    row.className = "readings";
    for (const one of found) row.append(this.#one(note, one, `${one.text} = ${one.words}`));
    for (const [text] of corrected) row.append(this.#one(note, { text, kind: "none", value: "" }, `${text} = nothing`));
    return [row];
  }

  #one(note, reading, words) {
    const shown = document.createElement(note.mine ? "button" : "span");
    shown.textContent = words;
    if (!note.mine) return shown;
    shown.type = "button";
    shown.tabIndex = -1;
    shown.title = "Correct it";
    shown.addEventListener("click", () => this.#open(note, reading, shown));
    return shown;
  }

  #open(note, reading, button) {
    const form = document.createElement("form");
    form.className = "reading-form";
    const kind = document.createElement("select");
    kind.setAttribute("aria-label", `What is “${reading.text}”?`);
    for (const [key, label] of KINDS) kind.append(new Option(label, key, false, key === (reading.kind === "quarter" ? "date" : reading.kind)));
    const value = document.createElement("input");
    value.setAttribute("aria-label", `Value of “${reading.text}”`);
    value.value = reading.value;
    const fits = () => {
      value.hidden = kind.value === "none";
      value.type = kind.value === "date" ? "date" : "text";
      value.inputMode = kind.value === "date" ? "" : "decimal";
    };
    fits();
    kind.addEventListener("change", fits);
    const save = Object.assign(document.createElement("button"), { className: "btn small", textContent: "Correct" });
    form.append(`${reading.text} = `, kind, value, save);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = { kind: kind.value, value: kind.value === "none" ? "" : value.value.replace(/[\s,'’]/g, "") };
      this.notebook.write(note, { readings: { ...note.readings, [reading.text]: said } });
      this.back();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      form.replaceWith(button);
      button.focus();
    });
    button.replaceWith(form);
    value.hidden ? kind.focus() : value.select();
  }
}
