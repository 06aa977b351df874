/* The questions at the right: Alt and a digit marks one as asked and ties the next note to it; in the list, arrows go from one to the next,
   Enter asks, "a" says answered. */
export class Questions extends EventTarget {
  constructor(box, { url, sync }) {
    super();
    Object.assign(this, { box, url, sync });
    this.rows = new Map();
    this.tied = null;
    for (const item of box.querySelectorAll("[data-question]")) this.#know(item);
    sync.addEventListener("call", ({ detail }) => this.take(detail.questions));
    box.addEventListener("submit", (event) => {
      const item = event.target.closest("[data-question]");
      if (!item) return;
      event.preventDefault();
      this.#press(Number(item.dataset.question));
    });
    box.addEventListener("keydown", (event) => this.#key(event));
  }

  #know(item) {
    this.rows.set(Number(item.dataset.question), { item, text: item.querySelector("p").textContent, asked: item.classList.contains("asked"), answered: item.classList.contains("answered") });
    item.tabIndex = -1;
  }

  text(id) {
    return this.rows.get(id)?.text ?? "";
  }

  /* What the server knows of them. An act that is on its way counts as done. */
  take(questions) {
    for (const one of questions) {
      const row = this.rows.get(one.id);
      if (!row) {
        this.#add(one);
        continue;
      }
      if (this.sync.acts.has(`question:${one.id}`)) continue;
      row.asked = one.asked;
      row.answered = one.answered;
      this.#draw(one.id);
    }
  }

  /* One that a colleague added: at the end, where it moves nothing. */
  #add(one) {
    const item = document.createElement("li");
    item.dataset.question = one.id;
    const words = document.createElement("div");
    words.append(Object.assign(document.createElement("p"), { textContent: one.text }), Object.assign(document.createElement("small"), { textContent: one.why.join(" · ") }));
    item.append(words);
    this.box.querySelector("ol").append(item);
    this.#know(item);
    Object.assign(this.rows.get(one.id), { asked: one.asked, answered: one.answered });
    this.#draw(one.id);
  }

  #draw(id) {
    const { item, asked, answered } = this.rows.get(id);
    item.classList.toggle("asked", asked);
    item.classList.toggle("answered", answered);
    item.classList.toggle("tied", this.tied === id);
    const state = item.querySelector("[data-state]");
    if (state) state.textContent = answered ? "Answered. " : asked ? "Asked. " : "";
    const button = item.querySelector("button");
    if (button) button.firstChild.data = answered ? "Not answered" : asked ? "Answered" : "Ask";
  }

  #do(id, what) {
    this.sync.act(`question:${id}`, this.url.replace("/0/", `/${id}/`), { do: what });
    this.#draw(id);
  }

  /* Asked now; the next note is its answer. A second time: not so. */
  ask(id) {
    const row = this.rows.get(id);
    if (!row) return;
    const before = this.tied;
    this.tied = before === id ? null : id;
    if (before !== null && this.rows.has(before)) this.#draw(before);
    if (!row.asked) {
      row.asked = true;
      this.#do(id, "ask");
    } else this.#draw(id);
    this.dispatchEvent(new Event("tied"));
  }

  #press(id) {
    const row = this.rows.get(id);
    if (!row.asked) return this.ask(id);
    row.answered = !row.answered;
    this.#do(id, row.answered ? "answer" : "unanswer");
  }

  nth(place) {
    const item = this.box.querySelectorAll("[data-question]")[place - 1];
    if (item) this.ask(Number(item.dataset.question));
  }

  enter() {
    const next = this.box.querySelector("[data-question]:not(.asked)") ?? this.box.querySelector("[data-question]");
    next?.focus();
  }

  #key(event) {
    const item = event.target.closest("[data-question]");
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...this.box.querySelectorAll("[data-question]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const id = Number(item.dataset.question);
    if (step) all[all.indexOf(item) + step]?.focus();
    else if (event.key === "Enter" && event.target === item) this.ask(id);
    else if (event.key === "a" && event.target === item) this.#press(id);
    else if (event.key === "Escape") this.dispatchEvent(new Event("tied"));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
