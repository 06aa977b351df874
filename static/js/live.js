/* Elements that keep themselves up to date: <section id="score" data-live-url="/deals/12/score" data-live-token="57">.
   While the page is visible the URL is asked with ?token=57; 204 means unchanged, 200 brings the whole element again with
   its new token. data-live-every sets another interval in milliseconds; an element without data-live-url is at rest. */
import { leaving } from "./focus.js";

const EVERY = 700; // ms; a changed score shows within a second
const EAGER = 250; // ms, for some seconds after a form was sent
const LONGEST = 30_000; // ms between tries while the server can't be reached

let eagerUntil = 0;
const known = new WeakSet();
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const visible = () =>
  document.hidden ? new Promise((done) => document.addEventListener("visibilitychange", done, { once: true })) : null;
const typing = (element) =>
  element.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");

async function ask(element) {
  const url = new URL(element.dataset.liveUrl, location.href);
  url.searchParams.set("token", element.dataset.liveToken ?? "");
  const response = await fetch(url, {
    headers: { "HX-Request": "true", "HX-Live": "true" },
    credentials: "same-origin",
  });
  if (response.status === 204 || response.status === 304) return true;
  // Signed out, gone or forbidden: stop asking. The next click will say which.
  if (response.status >= 400 && response.status < 500 && response.status !== 429) return false;
  if (!response.ok) throw new Error(String(response.status));
  const html = await response.text();
  if (!element.isConnected) return false;
  if (typing(element)) return true; // never under someone's cursor; the next round brings it
  leaving(element);
  htmx.swap(element, html, { swapStyle: "outerHTML" });
  return false; // the new element starts its own rounds
}

async function follow(element) {
  let failures = 0;
  while (element.isConnected) {
    const every = Number(element.dataset.liveEvery) || EVERY;
    const pace = Date.now() < eagerUntil ? EAGER : every;
    await wait(failures ? Math.min(pace * 2 ** failures, LONGEST) : pace);
    await visible();
    if (!element.isConnected) return;
    try {
      if (!(await ask(element))) return;
      failures = 0;
    } catch {
      failures += 1;
    }
  }
}

function start() {
  for (const element of document.querySelectorAll("[data-live-url]"))
    if (!known.has(element)) {
      known.add(element);
      follow(element);
    }
}

document.addEventListener("submit", () => (eagerUntil = Date.now() + 5_000), true);
document.addEventListener("htmx:load", start);
start();
