/* @ and a name in a textarea with data-mentions="URL": colleagues are offered below it. Arrows choose, Enter or Tab takes,
   Escape closes; without scripts the user name typed out does the same. */
const WORD = /(?:^|[^\w@.+/-])@([\w.+-]{0,60})$/;
const PAUSE = 150; // ms
let box = null; // {area, list, at, timer, asked}

const before = (area) => area.value.slice(0, area.selectionStart);
const options = () => [...(box?.list.querySelectorAll("[role=option]") ?? [])];
const chosen = () => options().find((one) => one.getAttribute("aria-selected") === "true");

function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    box.area.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
}

function close() {
  if (!box) return;
  clearTimeout(box.timer);
  box.list.remove();
  for (const name of ["role", "aria-expanded", "aria-controls", "aria-activedescendant", "aria-autocomplete"])
    box.area.removeAttribute(name);
  box = null;
}

function open(area) {
  if (box?.area === area) return box;
  close();
  let place = area.parentElement;
  if (!place.matches(".mention-place")) {
    place = document.createElement("div");
    place.className = "mention-place";
    const [start, end, active] = [area.selectionStart, area.selectionEnd, document.activeElement === area];
    area.replaceWith(place);
    place.append(area);
    if (active) area.focus();
    area.setSelectionRange(start, end);
  }
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Colleagues");
  list.hidden = true;
  place.append(list);
  box = { area, list };
  return box;
}

async function offer(area, word) {
  const mine = open(area);
  mine.asked = word;
  const url = new URL(area.dataset.mentions, location.href);
  url.searchParams.set("q", word);
  try {
    const response = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!response.ok || box !== mine || mine.asked !== word) return;
    mine.list.innerHTML = await response.text();
  } catch {
    return close(); // no network: the name can be typed out
  }
  if (box !== mine) return;
  if (!options().length) return close();
  mine.list.hidden = false;
  area.setAttribute("role", "combobox");
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-expanded", "true");
  area.setAttribute("aria-controls", mine.list.id);
  mark(options()[0]);
}

function take(option) {
  const { area } = box;
  const text = before(area);
  const word = WORD.exec(text)?.[1] ?? "";
  const start = text.length - word.length;
  area.setRangeText(`${option.dataset.name} `, start, area.selectionStart, "end");
  close();
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches?.("textarea[data-mentions]")) return;
  const word = WORD.exec(before(area))?.[1];
  if (word === undefined) return close();
  clearTimeout(box?.timer);
  open(area).timer = setTimeout(() => offer(area, word), PAUSE);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!box || event.target !== box.area || box.list.hidden) return;
    const all = options();
    const place = all.indexOf(chosen());
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(all.at((place + step) % all.length));
    else if ((event.key === "Enter" || event.key === "Tab") && place >= 0) take(all[place]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list, not the dialog around it
  },
  true,
);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.(".mention-list [role=option]");
  if (!option) return;
  event.preventDefault(); // the text keeps the caret
  take(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === box?.area && event.relatedTarget) close();
});
