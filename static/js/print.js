/* <button data-print>: the page on paper. Details are opened for it, for what is folded away is not printed. */
let opened = [];

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main [data-on-paper] details:not([open]), main details[data-on-paper]:not([open])")];
  for (const one of opened) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
});
