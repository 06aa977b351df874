/* Brings notes to the server and others' notes here. Sent within a second of a pause and every few seconds of a burst; while the server
   can't be reached, again and again, ever slower; when a page is put away, with what stands there. One request at a time. */
import { resume } from "../signin.js";

const PAUSE = 450; // ms without a key
const LONGEST_WAIT = 2500; // ms from the first unsent key
const SHORT = 50; // ms, where there is something to fetch
const POLL = 3000; // ms between looks at what others wrote
const SLOWEST = 15000; // ms between tries
const PATIENCE = 12000; // ms for an answer
const MOST = 100; // notes
const SIZE = 300_000; // characters
const FULL = 1000; // notes in one answer, after which there may be more
const LAST_WORDS = 60_000; // bytes a closing page may send
const RENEW = "data-csrf-failed";

export const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

export class Sync extends EventTarget {
  constructor({ person, entries, left, state }, notebook, tabs) {
    super();
    Object.assign(this, { person, entries, left, state, notebook, tabs });
    this.cursor = 0;
    this.failures = 0;
    this.trouble = ""; // "", "offline", "signin", "refused", "gone"
    this.sentence = "";
    this.busy = null;
    this.acts = new Map(); // what else waits: by name {url, values}
    this.stateToken = "";
    this.more = false; // whether the last answer was full
    this.since = 0; // when the first unsent key was pressed
    this.timer = 0;
  }

  start() {
    this.notebook.addEventListener("written", () => this.touch());
    this.tabs.addEventListener("saved", () => this.look());
    addEventListener("online", () => this.now());
    addEventListener("pagehide", () => this.lastWords());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.lastWords() : this.now()));
    document.getElementById("sign-in-again")?.addEventListener("close", () => this.now());
    this.now();
  }

  #say() {
    this.dispatchEvent(new Event("state"));
  }

  get waiting() {
    return this.notebook.dirty.size > 0 || this.acts.size > 0;
  }

  /* Something was typed. */
  touch() {
    this.since ||= Date.now();
    this.#say();
    if (this.trouble && this.trouble !== "gone") return; // the next try is set
    const wait = Math.max(0, Math.min(PAUSE, this.since + LONGEST_WAIT - Date.now()));
    this.#after(wait);
  }

  #after(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), ms);
  }

  act(name, url, values) {
    this.acts.set(name, { url, values });
    this.dispatchEvent(new Event("acts"));
    this.now();
  }

  look() {
    if (!this.busy) this.#after(SHORT);
  }

  /* Now, or after the request that is under way. Resolves once what waited then is saved, or failed. */
  async now() {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    this.busy = this.#round();
    this.#say();
    try {
      await this.busy;
    } finally {
      this.busy = null;
      if (!document.hidden || this.waiting) this.#after(this.#pace());
      this.#say();
    }
  }

  /* Until the next round, where nothing happens before. */
  #pace() {
    if (this.trouble) return Math.min(1000 * 2 ** (this.failures - 1), SLOWEST);
    if (this.more) return SHORT;
    return this.notebook.dirty.size ? PAUSE : POLL;
  }

  async #round() {
    try {
      this.since = 0;
      const batch = this.notebook.batch(MOST, SIZE);
      const answer = batch.length ? await this.#deliver(batch) : await this.#ask(`${this.entries}?since=${this.cursor}`);
      this.#take(answer, batch);
      if (answer.left) throw { trouble: "gone" };
      for (const [name, act] of [...this.acts]) await this.#do(name, act);
      if (answer.state !== this.stateToken) await this.#renew();
      this.failures = 0;
      this.trouble = this.sentence = "";
      if (batch.length) this.tabs.saved();
    } catch (error) {
      this.failures += 1;
      this.trouble = error.trouble ?? "offline";
      this.sentence = error.sentence ?? "";
    }
  }

  /* Clock and questions, where they are others than the page has. */
  async #renew() {
    const state = await this.#ask(`${this.state}?token=${encodeURIComponent(this.stateToken)}`);
    if (state) this.took(state);
  }

  took(state) {
    this.stateToken = state.token;
    this.dispatchEvent(new CustomEvent("call", { detail: state }));
  }

  #take(answer, batch) {
    const { written = [], stands = [], entries = [], cursor = 0 } = answer;
    const read = new Map(written.map((one) => [one.id, one]));
    const other = new Set(stands.map((one) => one.id));
    const sent = new Map(batch.map((one) => [one.id, one.revision]));
    for (const [id, revision] of Object.entries(answer.saved)) if (!other.has(id)) this.notebook.saved(id, revision, read.get(id), sent.get(id));
    for (const theirs of stands) this.notebook.stands(theirs);
    for (const [id, sentence] of Object.entries(answer.refused)) this.notebook.refused(id, sentence);
    for (const theirs of entries) this.notebook.arrives(theirs);
    this.cursor = Math.max(this.cursor, cursor);
    this.dispatchEvent(new CustomEvent("answered", { detail: answer }));
    this.more = entries.length >= FULL;
  }

  async #do(name, act) {
    const body = new URLSearchParams({ ...act.values, csrfmiddlewaretoken: token() });
    try {
      const state = await this.#ask(act.url, { method: "POST", body, headers: { Accept: "application/json" } });
      if (state) this.took(state);
    } catch (error) {
      if (!["refused", "gone"].includes(error.trouble)) throw error; // it is tried again
      this.dispatchEvent(new CustomEvent("refused", { detail: error.sentence }));
    }
    if (this.acts.get(name) === act) this.acts.delete(name);
    this.dispatchEvent(new Event("acts"));
  }

  /* Where the call is not one's to see any more, the words one typed there are still taken, and nothing comes back. */
  async #deliver(batch) {
    try {
      return await this.#send(this.entries, batch);
    } catch (error) {
      if (error.trouble !== "gone") throw error;
      return this.#send(this.left, batch);
    }
  }

  #send(url, batch) {
    return this.#ask(url, {
      method: "POST",
      body: JSON.stringify({ entries: batch, since: this.cursor, person: this.person }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    });
  }

  /* The answer as JSON, null for "nothing new". Raises {trouble, sentence}. */
  async #ask(url, options = {}, again = true) {
    const response = await fetch(url, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });
    if (response.status === 204) return null;
    if (response.ok) return response.json();
    const text = response.type === "opaqueredirect" ? "" : await response.text();
    if (response.status === 403 && text.includes(RENEW)) {
      if (again && (await resume(true))) return this.#ask(url, renewed(options), false);
      throw { trouble: "signin" };
    }
    if (response.status === 401 || response.type === "opaqueredirect") throw { trouble: "signin", sentence: said(text) };
    if (response.status >= 500 || response.status === 429) throw { trouble: "offline" };
    if (response.status === 404) throw { trouble: "gone" };
    throw { trouble: "refused", sentence: said(text) };
  }

  /* The page is put away, perhaps for good: what stands there goes along, if it is not too much; it is kept here in any case. */
  lastWords() {
    const batch = this.notebook.batch(MOST, LAST_WORDS / 3);
    if (!batch.length) return;
    const body = JSON.stringify({ entries: batch, since: this.cursor, person: this.person });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    try {
      fetch(this.entries, { method: "POST", body, headers, credentials: "same-origin", keepalive: true }).catch(() => {});
    } catch {
      /* Kept here, and sent by the next page. */
    }
  }
}

function renewed(options) {
  if (options.body instanceof URLSearchParams) options.body.set("csrfmiddlewaretoken", token());
  return { ...options, headers: { ...options.headers, ...(options.headers?.["X-CSRFToken"] && { "X-CSRFToken": token() }) } };
}

function said(text) {
  try {
    return Object.values(JSON.parse(text).errors).flat().join(" ");
  } catch {
    return "";
  }
}
