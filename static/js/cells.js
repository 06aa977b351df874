/* Cells of a list that are edited in place: [data-cell] in a row with [data-cells], the address they are asked for at.
   What a cell shows becomes a button; it opens a small form. Enter saves, Escape leaves. Without scripts nothing is here,
   and the record's own form does the same. */
function dress(cell) {
  if (cell.querySelector(".cell-button, form") || !cell.textContent.trim()) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cell-button";
  button.append(...cell.childNodes);
  const said = document.createElement("span");
  said.className = "sr";
  said.textContent = `, edit ${cell.dataset.cell.replaceAll("_", " ")}`;
  button.append(said);
  cell.append(button);
}

function begin() {
  for (const cell of document.querySelectorAll("tr[data-cells] [data-cell]")) dress(cell);
}

const address = (cell) => `${cell.closest("tr").dataset.cells}${cell.dataset.cell}/`;
const load = (cell, query = "") => htmx.ajax("GET", address(cell) + query, { target: cell, swap: "innerHTML" });

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".cell-button, [data-cell-leave]");
  if (!button) return;
  const cell = button.closest("[data-cell]");
  load(cell, button.matches(".cell-button") ? "" : "?show=1");
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-cell-form]");
  if (!form) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    load(form.closest("[data-cell]"), "?show=1");
  } else if (event.key === "Enter" && event.target.matches("select, input")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const cell = event.target.closest?.("tr[data-cells] [data-cell]");
  if (!cell) {
    begin();
    return;
  }
  const form = cell.querySelector("form");
  if (form) {
    (form.querySelector("[aria-invalid=true]") ?? form.querySelector("textarea, select, input:not([type=hidden])")).focus();
  } else {
    dress(cell);
    cell.querySelector(".cell-button")?.focus();
  }
});
begin();
