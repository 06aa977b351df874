/* Drag and drop on the board. A drop sends what the ticket's own "Move" dialog sends; where exit criteria are not met the
   server answers with that dialog, asking for the reason. By keyboard and without scripts the link does the same. */
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
  if (!dragged || !target || target.contains(dragged)) return;
  event.preventDefault();
  const seen = dragged.closest(".column").dataset.column;
  htmx.ajax("POST", dragged.dataset.move, { target: "#dialogs", values: { stage: target.dataset.column, seen } });
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragging");
  dragged = null;
  for (const over of document.querySelectorAll(".column.over")) over.classList.remove("over");
});

// The server decides where a ticket is; after a move the board is asked again, scrolled as it was.
document.addEventListener("deal-changed", () => {
  const board = document.querySelector(".board[data-refresh]");
  if (board) htmx.ajax("GET", location.href, { target: ".board", select: ".board", swap: "outerHTML" });
});
