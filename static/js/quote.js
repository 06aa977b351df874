/* A quote while it is built. The server prices what stands in the form; here its refusals go to their fields, what a button
   proposes goes into the form (and out again), and rows say their units. */
const theForm = () => document.getElementById("quote-form");
const controls = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
const ticks = (one) => one.type === "checkbox" || one.type === "radio";
let before = null;

function values(form, name) {
  return controls(form, name)
    .filter((one) => !ticks(one) || one.checked)
    .map((one) => one.value);
}

function put(form, sets) {
  const changed = [];
  for (const [name, wanted] of Object.entries(sets))
    for (const one of controls(form, name)) {
      if (ticks(one)) one.checked = wanted.includes(one.value) || (wanted.length > 0 && wanted[0] === "on");
      else one.value = wanted[0] ?? "";
      changed.push(one);
    }
  // As if it had been typed: the draft is kept, the price is asked for again.
  for (const one of changed) {
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return changed;
}

function say(text, undo) {
  const bar = document.getElementById("quote-applied");
  bar.hidden = false;
  bar.querySelector("p").textContent = text;
  bar.querySelector("[data-undo]").hidden = !undo;
  return bar.querySelector("[data-undo]");
}

document.addEventListener("click", (event) => {
  const form = theForm();
  const button = event.target.closest?.("[data-use], [data-undo]");
  if (!form || !button) return;
  event.preventDefault();
  if (button.matches("[data-undo]")) {
    const changed = put(form, before ?? {});
    before = null;
    say("It is as it was.", false);
    changed[0]?.focus();
    return;
  }
  const sets = JSON.parse(button.value);
  before = Object.fromEntries(Object.keys(sets).map((name) => [name, values(form, name)]));
  const changed = put(form, sets);
  const undo = say(button.dataset.says ? `Taken: ${button.dataset.says}` : `${button.textContent.trim()}: done.`, true);
  (button.dataset.says ? undo : (changed[0] ?? undo)).focus();
});

/* --- Refusals, at their fields, without moving what is under the cursor --- */

function refuse() {
  const form = theForm();
  const held = document.activeElement;
  const top = held?.getBoundingClientRect().top;
  form.querySelectorAll("[data-refused]").forEach((one) => one.remove());
  for (const one of form.querySelectorAll('[aria-describedby$="-refused"]')) {
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
  }
  for (const wrong of document.querySelectorAll("#quote-preview [data-wrong]")) {
    const found = controls(form, wrong.dataset.wrong);
    const cell = found[0]?.closest("[data-cell]");
    if (!cell) continue;
    const id = `${wrong.dataset.wrong}-refused`;
    let box = cell.querySelector(":scope > [data-refused]");
    if (!box) {
      box = Object.assign(document.createElement("div"), { className: "error", id });
      box.dataset.refused = "";
      cell.append(box);
    }
    const line = document.createElement("p");
    line.append(...[...wrong.children].map((one) => one.cloneNode(true)));
    box.append(line);
    for (const one of found) {
      one.setAttribute("aria-invalid", "true");
      one.setAttribute("aria-describedby", id);
    }
  }
  document.getElementById("quote-total").textContent =
    document.querySelector("#quote-preview .total")?.textContent ?? "No price yet";
  if (held && held !== document.body && held.isConnected) scrollBy(0, held.getBoundingClientRect().top - top);
}

/* --- Rows --- */

function told(select) {
  const row = select.closest("[data-line]");
  const { units = "", rate = "", note = "" } = select.selectedOptions[0]?.dataset ?? {};
  const tell = (part, text) => row.querySelectorAll(`[data-${part}-out]`).forEach((one) => (one.textContent = text));
  tell("units", units);
  tell("rate", rate);
  tell("note", note);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-line] [data-model]")) told(event.target);
  // A ramp has a quantity for each year of the term.
  if (event.target.name === "term_years" && theForm()?.querySelector("[data-ramp]"))
    document.getElementById("quote-years").click();
});

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (!theForm()) return;
  if (target.id === "quote-preview") refuse();
  else if (target.id === "quote-lines") htmx.trigger(document.body, "quote-typed");
});

// What was kept in this browser may have other rows than the page: the server lays them out.
document.addEventListener("draft-back", (event) => {
  const form = event.target;
  if (form !== theForm()) return;
  const kept = event.detail.filter(([name]) => name !== "do");
  const names = new Set(kept.map(([name]) => name));
  const cells = [...form.querySelectorAll("[data-line] [name]")].map((one) => one.name);
  const other = cells.some((name) => !names.has(name)) || [...names].some((name) => !controls(form, name).length);
  if (!other) return htmx.trigger(document.body, "quote-typed");
  const sent = { do: "rows" };
  for (const [name, value] of kept) sent[name] = name in sent ? [].concat(sent[name], value) : value;
  htmx.ajax("POST", form.action, { target: "#quote-lines", swap: "outerHTML", values: sent });
});
