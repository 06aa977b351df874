/* Short notices. From the server: messages rendered into the page, or the response header
   HX-Trigger: {"toast": {"text": "...", "tone": "good" | "warn" | "bad"}}. */
const SECONDS = 7;
const MOST = 3;

function expire(item) {
  // What went wrong stays until it is read and closed; so does anything under the pointer.
  if (item.matches(".bad, .warn")) return;
  setTimeout(() => (item.matches(":hover, :focus-within") ? expire(item) : item.remove()), SECONDS * 1000);
}

export function toast(text, tone = "good") {
  const list = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!list || !template) return;
  for (const old of list.querySelectorAll(".toast")) if (old.querySelector("p").textContent === text) old.remove();
  const item = template.content.firstElementChild.cloneNode(true);
  item.classList.add(tone);
  item.querySelector("p").textContent = text;
  list.append(item);
  while (list.childElementCount > MOST) list.firstElementChild.remove();
  expire(item);
}

document.addEventListener("click", (event) =>
  event.target.closest(".toast [data-close-toast]")?.closest(".toast").remove(),
);
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));
const arm = () => {
  for (const item of document.querySelectorAll(".toast:not([data-armed])")) {
    item.dataset.armed = "";
    expire(item);
  }
};
document.addEventListener("htmx:load", arm);
arm();
