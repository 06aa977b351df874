/* Tables one types into: fieldset[data-grid] has rows, a <template> of an empty one with __n__ for its number, a button
   [data-add-row] and in each row [data-remove-row]. Without scripts a button sends the form and brings it back longer. */
const names = "[name*=__n__]";

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (add) {
    const grid = add.closest("[data-grid]");
    const row = grid.querySelector("template").content.firstElementChild.cloneNode(true);
    const number = grid.dataset.next++;
    for (const control of row.querySelectorAll(names)) {
      control.name = control.name.replace("__n__", number);
      control.id = control.id.replace("__n__", number);
      control.setAttribute("aria-label", `${control.getAttribute("aria-label")}, row ${Number(number) + 1}`);
    }
    grid.querySelector("tbody").append(row);
    row.querySelector("input, select, textarea")?.focus();
    return;
  }
  const remove = event.target.closest("[data-remove-row]");
  if (!remove) return;
  const row = remove.closest("tr");
  const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("input, select, textarea");
  const form = remove.closest("form");
  if (form?.matches("[data-guard]")) form.dataset.dirty = "";
  row.remove();
  next?.focus();
});
