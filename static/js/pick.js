/* Ticked rows of a list, remembered over its pages for as long as the window and the filter stay. The form beside the list
   sends what is ticked on other pages too. Without scripts the page's own ticks are sent. */
const bar = () => document.querySelector("form[data-pick]");
const boxes = () => [...document.querySelectorAll('input[name="ids"][form="picked"]')];
const key = () => `picked ${bar().dataset.pick}`;

function read() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(key()) ?? "[]"));
  } catch {
    return new Set();
  }
}

function write(picked) {
  if (picked.size) sessionStorage.setItem(key(), JSON.stringify([...picked]));
  else sessionStorage.removeItem(key());
}

function show(picked) {
  const form = bar();
  const everything = form.elements.all.checked;
  for (const box of boxes()) box.closest("tr").classList.toggle("picked", everything || picked.has(box.value));
  form.querySelector("[data-pick-count]").textContent = everything ? "All" : picked.size;
  form.classList.toggle("idle", !picked.size && !everything);
  const ticked = boxes().filter((box) => box.checked).length;
  for (const all of document.querySelectorAll("[data-pick-page]")) {
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
}

function begin() {
  if (!bar()) return;
  const picked = read();
  for (const box of boxes()) box.checked = picked.has(box.value);
  bar().elements.all.checked = false;
  show(picked);
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!bar() || !box.matches('input[form="picked"], [data-pick-page], [data-pick] [name="all"]')) return;
  const picked = read();
  const changed = box.matches("[data-pick-page]") ? boxes() : box.name === "ids" ? [box] : [];
  for (const one of changed) {
    one.checked = box.checked;
    if (box.checked) picked.add(one.value);
    else picked.delete(one.value);
  }
  write(picked);
  show(picked);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-pick-clear]")) return;
  write(new Set());
  begin();
  boxes()[0]?.focus();
});

// What is ticked on other pages goes along as fields of its own.
document.addEventListener("formdata", (event) => {
  if (event.target !== bar()) return;
  const here = new Set(boxes().map((box) => box.value));
  for (const id of read()) if (!here.has(id)) event.formData.append("ids", id);
});

document.addEventListener("htmx:afterSettle", begin);
window.addEventListener("pageshow", begin);
begin();
