/* Several tabs of one person on one call. Each note belongs to the tab that writes it; another takes it over only when that
   one is gone. A tab keeps its name through a reload; one that was duplicated finds its name taken and takes a new one. */
const ANSWER = 350; // ms within which a living tab answers

const made = () => Math.random().toString(36).slice(2, 12);

export class Tabs extends EventTarget {
  constructor(name) {
    super();
    this.key = `${name}:tab`;
    this.life = made();
    this.id = this.#remembered() ?? made();
    this.#remember();
    this.alive = new Set();
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    this.channel?.addEventListener("message", ({ data }) => this.#heard(data));
  }

  #remembered() {
    try {
      return sessionStorage.getItem(this.key);
    } catch {
      return null;
    }
  }

  #remember() {
    try {
      sessionStorage.setItem(this.key, this.id);
    } catch {
      /* Then a reload is a new tab. */
    }
  }

  #say(what, more = {}) {
    this.channel?.postMessage({ what, id: this.id, life: this.life, ...more });
  }

  #heard({ what, id, life, to }) {
    if (life === this.life) return;
    if (what === "hello") this.#say(id === this.id ? "taken" : "here", { to: life });
    else if (what === "here" && to === this.life) this.alive.add(id);
    else if (what === "taken" && to === this.life) {
      const before = this.id;
      this.alive.add(before);
      this.id = made();
      this.#remember();
      this.dispatchEvent(new CustomEvent("renamed", { detail: before }));
    } else if (what === "saved") this.dispatchEvent(new Event("saved"));
  }

  /* Resolves once every living tab had its time to answer. */
  async roll() {
    if (!this.channel) return;
    this.#say("hello");
    await new Promise((done) => setTimeout(done, ANSWER));
  }

  /* The others look at once for what the server has of this one. */
  saved() {
    this.#say("saved");
  }
}
