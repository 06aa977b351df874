/* Drag and drop on the board. A ticket holds a real form (details.move: a select of stages and a button), the way by keyboard
   and without scripts; a drop fills that form in and sends it, so both ways are one. */
let dragged = null;
const column = (event) => event.target.closest?.(".column[data-column]");

document.addEventListener("dragstart", (event) => {
  const ticket = event.target.closest?.(".ticket[draggable=true]");
  if (!ticket) return;
  dragged = ticket;
  ticket.classList.add("dragging");
  event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const over = column(event);
  for (const other of document.querySelectorAll(".column.over")) if (other !== over) other.classList.remove("over");
  if (!dragged || !over || over.contains(dragged)) return;
  event.preventDefault();
  over.classList.add("over");
});

document.addEventListener("drop", (event) => {
  const target = column(event);
  const form = dragged?.querySelector("details.move form");
  if (!target || !form || target.contains(dragged)) return;
  event.preventDefault();
  const select = form.querySelector("select[data-columns]");
  const wanted = target.dataset.column;
  if (![...select.options].some((option) => option.value === wanted)) return;
  select.value = wanted;
  // Shown where it will be; the server's answer then says where it is.
  target.querySelector("ol")?.prepend(dragged.closest("li") ?? dragged);
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragging");
  dragged = null;
  for (const over of document.querySelectorAll(".column.over")) over.classList.remove("over");
});
