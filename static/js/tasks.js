/* After a task is ticked off its line is gone: the keyboard goes on with the one that took its place. Files that are too large
   are said before they are sent. */
import { toast } from "./toast.js";

let next = null; // {list, place}

document.addEventListener("submit", (event) => {
  const tick = event.target.querySelector?.("[data-tick]");
  if (!tick) return;
  const holder = event.target.closest("#list, #tasks, #today-tasks");
  next = holder && { id: holder.id, place: [...holder.querySelectorAll("[data-tick]")].indexOf(tick) };
});

document.addEventListener("htmx:afterSettle", (event) => {
  const holder = next && event.detail.elt;
  if (!holder || holder.id !== next.id) return;
  const ticks = [...holder.querySelectorAll("[data-tick]")];
  (ticks[Math.min(next.place, ticks.length - 1)] ?? document.getElementById("main"))?.focus();
  next = null;
});

document.addEventListener("change", (event) => {
  const largest = Number(event.target.dataset?.largest);
  if (!largest || !event.target.files) return;
  const over = [...event.target.files].filter((file) => file.size > largest).map((file) => file.name);
  if (over.length) toast(`${over.join(", ")}: more than ${Math.round(largest / 1024 ** 2)} MB. Choose smaller files.`, "bad");
});
