/* What to do when the server does not answer as hoped. Which answers are swapped stands in the meta tag htmx-config
   (409 and 422 are, for they carry the form again); here is the rest, said in words. */
import { askToSignIn, renewOrAsk } from "./signin.js";
import { toast } from "./toast.js";

const SAY = {
  400: "The server could not read that. Reload the page and try again.",
  403: "You may see this, but not change it. Ask its owner or your manager.",
  404: "That is no longer there. Reload the page to see what is.",
  413: "That is too large. Try a smaller file.",
  429: "Too many requests in a short time. Wait a minute and try again.",
  503: "The service is busy or being updated. Wait a moment and try again; what you typed is still here.",
};

/* A panel that did not come shows its link instead of the shape of what was coming. */
function panelFailed({ elt }) {
  const fallback = elt?.querySelector?.(":scope > .panel-fallback");
  if (!fallback) return false;
  elt.querySelector(":scope > .skeleton")?.remove();
  fallback.classList.remove("no-js");
  return true;
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const shown = panelFailed(event.detail);
  if (xhr.status === 401) return askToSignIn();
  if (xhr.status === 403 && xhr.responseText.includes("data-csrf-failed")) return renewOrAsk();
  if (shown) return;
  // A toast of the server's own says it better.
  if (xhr.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
  toast(
    SAY[xhr.status] ??
      "Something went wrong on our side. Try again; if it stays, tell your administrator when it happened.",
    "bad",
  );
});

const unreachable = (event) =>
  panelFailed(event.detail) ||
  toast("The server can't be reached. Check your connection and try again; what you typed is still here.", "bad");
document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:timeout", unreachable);

// A refused form comes back with a list of what to correct: take the reader there.
const toErrors = (element) => element?.querySelector?.("[data-form-errors]")?.focus();
document.addEventListener("htmx:afterSettle", (event) => toErrors(event.detail.elt));
toErrors(document);
