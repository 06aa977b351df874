/* What is typed, kept in this browser until the server has it. localStorage, because it is written before the keystroke's own
   event is over: there is no moment at which a closed lid, a killed page or a reload finds a letter on its way. (IndexedDB would
   hold more, but answers later; what is unsent of the longest call is half a megabyte of the five there are.) One item per
   note, so that a keystroke costs its own note's length and two tabs never write the same item. */
const OLDEST = 60 * 24 * 3600 * 1000; // ms; then nobody wants it back

export class Store {
  constructor(person, call, storage = localStorage) {
    this.prefix = `call:${person}:${call}:`;
    this.storage = storage;
    this.full = false;
  }

  /* Whether it is kept. False where storage is full or forbidden: the page goes on, and says so. */
  set(name, value) {
    try {
      this.storage.setItem(this.prefix + name, JSON.stringify(value));
      this.full = false;
    } catch {
      this.full = true;
    }
    return !this.full;
  }

  get(name) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + name));
    } catch {
      return null;
    }
  }

  drop(name) {
    try {
      this.storage.removeItem(this.prefix + name);
    } catch {
      /* Nothing was kept either. */
    }
  }

  keep(note) {
    return this.set(`note:${note.id}`, { ...note, found: undefined, author: undefined, kept: Date.now() });
  }

  forget(id) {
    this.drop(`note:${id}`);
  }

  /* Every note that is kept, whichever tab wrote it. */
  notes() {
    const begins = `${this.prefix}note:`;
    let keys = [];
    try {
      keys = Object.keys(this.storage).filter((key) => key.startsWith(begins));
    } catch {
      return [];
    }
    const found = keys.map((key) => this.get(key.slice(this.prefix.length)));
    return found.filter((note) => note?.id && typeof note.text === "string" && Date.now() - note.kept < OLDEST);
  }
}
