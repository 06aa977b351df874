/* One line that says where what was typed is now. It has its place, so nothing moves when it changes; only trouble and its end are read
   aloud. */
import { askToSignIn } from "../signin.js";
import { asFile } from "./unsent.js";

const SAYS = {
  saved: ["good", "Saved"],
  saving: ["", "Saving"],
  offline: ["warn", "Kept on this computer: the server can’t be reached"],
  signin: ["warn", "Kept on this computer. Sign in again; nothing is lost"],
  full: ["bad", "Neither saved nor kept: this browser’s storage is full. Keep this page open"],
  refused: ["bad", "Not saved"],
  gone: ["warn", "What you typed is saved. The call is not yours to see any more"],
  unsent: ["bad", "Not sent: the call is not yours to see any more. Your words stay on this computer"],
};

export class Kept {
  constructor(line, sync, store) {
    Object.assign(this, { line, sync, store });
    this.text = document.createElement("span");
    this.text.setAttribute("aria-hidden", "true");
    this.aloud = document.createElement("span");
    this.aloud.className = "sr";
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: "Sign in", hidden: true });
    this.button.addEventListener("click", askToSignIn);
    this.copy = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: "Save them as a file", hidden: true });
    this.copy.addEventListener("click", () => asFile([...sync.notebook.dirty].map((id) => sync.notebook.notes.get(id))));
    line.append(this.text, this.aloud, this.button, this.copy);
    sync.addEventListener("state", () => this.show());
    this.show();
  }

  get state() {
    const { trouble, waiting } = this.sync;
    if (this.store.full && (trouble || waiting)) return trouble ? "full" : "saving";
    if (trouble === "gone" && this.sync.notebook.dirty.size) return "unsent";
    if (trouble) return trouble;
    if (this.sync.notebook.refusal) return "refused";
    return waiting ? "saving" : "saved";
  }

  show() {
    const state = this.state;
    const sentence = this.sync.trouble ? this.sync.sentence : this.sync.notebook.refusal;
    if (state === this.shown && sentence === this.sentence) return;
    const [tone, words] = SAYS[state];
    this.text.textContent = ["refused", "signin"].includes(state) && sentence ? sentence : words;
    this.line.dataset.tone = tone;
    this.line.dataset.state = state;
    this.button.hidden = state !== "signin";
    this.copy.hidden = state !== "unsent";
    const trouble = !["saved", "saving"].includes(state);
    if (trouble || (state === "saved" && this.told)) this.aloud.textContent = this.text.textContent;
    this.told = trouble || (this.told && state !== "saved");
    Object.assign(this, { shown: state, sentence });
  }
}
