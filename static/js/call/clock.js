/* The agenda's clock: minutes spent on each part against those planned. It ticks once a minute as far as one sees, and never nags. */
const minutes = (seconds) => Math.floor(seconds / 60);

export class Clock {
  constructor(box, { url, sync, whole }) {
    Object.assign(this, { box, url, sync, whole });
    this.parts = [];
    this.at = performance.now();
    sync.addEventListener("call", ({ detail }) => this.take(detail.parts));
    box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(new FormData(event.target).get("part"));
    });
    setInterval(() => this.draw(), 1000);
  }

  take(parts) {
    if (this.sync.acts.has("part")) return;
    this.parts = parts;
    this.at = performance.now();
    this.draw();
  }

  get running() {
    return this.parts.find((part) => part.running)?.key ?? "";
  }

  #spent(part) {
    return part.elapsed + (part.running ? (performance.now() - this.at) / 1000 : 0);
  }

  go(key) {
    if (!key || key === this.running) return;
    this.parts = this.parts.map((part) => ({ ...part, elapsed: this.#spent(part), running: part.key === key }));
    this.at = performance.now();
    this.draw();
    this.sync.act("part", this.url, { part: key });
  }

  next(step = 1) {
    const planned = this.parts.filter((part) => part.planned > 0);
    const at = planned.findIndex((part) => part.running);
    const to = planned[at + step];
    if (to) this.go(to.key);
  }

  draw() {
    let spent = 0;
    let planned = 0;
    for (const part of this.parts) {
      const now = this.#spent(part);
      spent += now;
      planned += part.planned;
      const item = this.box.querySelector(`[data-part="${CSS.escape(part.key)}"]`);
      if (!item) continue;
      const text = String(minutes(now));
      const shown = item.querySelector("[data-elapsed]");
      if (shown.textContent !== text) shown.textContent = text;
      const css = part.running ? "running" : now >= 1 ? "begun" : "";
      if (item.className !== css) {
        item.className = css;
        for (const one of item.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
        if (part.running) item.querySelector("button, span").setAttribute("aria-current", "step");
      }
      const share = part.planned ? `${Math.min(100, Math.round((now / part.planned) * 100))}%` : "0%";
      const bar = item.querySelector(".spent");
      if (bar.style.getPropertyValue("--spent") !== share) bar.style.setProperty("--spent", share);
    }
    const text = this.parts.length ? `${minutes(spent)} of ${minutes(planned)} minutes` : "";
    if (this.whole.textContent !== text) this.whole.textContent = text;
  }
}
