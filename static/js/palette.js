/* The palette: Ctrl-K or [data-palette] opens a dialog with a combobox over what the server offers. The focus stays in the
   field; arrows choose, Enter takes, Ctrl-Enter opens in a new tab, Escape closes and gives the focus back. */
const PAUSE = 120; // ms after the last key
let timer = 0;
let asking = null; // AbortController of the question under way

const dialog = () => document.getElementById("palette");
const field = () => dialog().querySelector("[role=combobox]");
const list = () => dialog().querySelector("[role=listbox]");
const options = () => [...list().querySelectorAll("[role=option]")];
const chosen = () => options().find((one) => one.getAttribute("aria-selected") === "true");

function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (!option) return field().removeAttribute("aria-activedescendant");
  field().setAttribute("aria-activedescendant", option.id);
  const first = option === options()[0];
  (first ? option.parentElement : option).scrollIntoView({ block: "nearest" });
}

function say(text) {
  const none = dialog().querySelector(".none");
  none.textContent = text;
  none.hidden = !text;
}

function show(html) {
  list().innerHTML = html;
  const found = options();
  list().hidden = !found.length;
  field().setAttribute("aria-expanded", String(found.length > 0));
  say(found.length ? "" : "Nothing has this in its name. Enter searches for it on a page of its own.");
  dialog().querySelector("[role=status]").textContent = `${found.length} found`;
  mark(found[0]);
}

async function ask() {
  asking?.abort();
  list().dataset.asked = field().value;
  const mine = (asking = new AbortController());
  const url = new URL(field().dataset.paletteUrl, location.href);
  url.searchParams.set("q", field().value);
  url.searchParams.set("from", location.pathname);
  try {
    const response = await fetch(url, {
      headers: { "HX-Request": "true" },
      credentials: "same-origin",
      signal: mine.signal,
    });
    if (!response.ok) throw new Error(String(response.status));
    const html = await response.text();
    if (asking === mine) show(html);
  } catch (error) {
    if (error.name === "AbortError" || asking !== mine) return;
    list().hidden = true;
    field().setAttribute("aria-expanded", "false");
    say("The server can't be reached. Try again in a moment.");
  } finally {
    if (asking === mine) asking = null;
  }
}

function open() {
  if (!dialog() || dialog().open) return;
  field().value = "";
  list().replaceChildren();
  list().hidden = true;
  say("");
  dialog().showModal();
  field().focus();
  ask();
}

function post(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.createElement("input");
  token.type = "hidden";
  token.name = "csrfmiddlewaretoken";
  token.value = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  form.append(token);
  document.body.append(form);
  form.submit();
}

function take(option, elsewhere) {
  const { url } = option.dataset;
  if (elsewhere && !("post" in option.dataset)) return window.open(url, "_blank", "noopener");
  dialog().close();
  if ("post" in option.dataset) post(url);
  else if ("dialog" in option.dataset) htmx.ajax("GET", url, { target: "#dialogs", swap: "innerHTML" });
  else location.assign(url);
}

async function enter(event) {
  clearTimeout(timer);
  const typed = field().value.trim();
  // Typed and sent in one go: the answer to these letters, not to those before.
  if (asking || list().dataset.asked !== field().value) await ask();
  const option = chosen();
  if (option && !list().hidden) take(option, event.ctrlKey || event.metaKey);
  else if (typed) location.assign(`${field().dataset.searchUrl}?q=${encodeURIComponent(typed)}`);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    if (!dialog()) return;
    event.preventDefault();
    return dialog().open ? dialog().close() : open();
  }
  if (!dialog()?.open || event.target !== field() || event.isComposing) return;
  const all = options();
  const place = all.indexOf(chosen());
  const moves = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + 6, PageUp: place - 6 };
  if (event.key in moves && all.length) {
    const far = event.key.startsWith("Page");
    mark(far ? all[Math.max(0, Math.min(all.length - 1, moves[event.key]))] : all.at(moves[event.key] % all.length));
  } else if (event.key === "Enter") enter(event);
  else return;
  event.preventDefault();
});

document.addEventListener("input", (event) => {
  if (!dialog() || event.target !== field()) return;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) return open();
  const option = event.target.closest?.("#palette [role=option]");
  if (option) take(option, event.ctrlKey || event.metaKey);
});
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.("#palette [role=listbox]")) event.preventDefault(); // the field keeps the focus
});
