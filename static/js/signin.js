/* Signed out in the middle of work: sign in within a dialog; nothing typed is lost. Afterwards every form gets the new
   CSRF token, for signing in changes it. */
import { toast } from "./toast.js";

const PATIENCE = 15000; // ms for an answer: whoever waits for one saves nothing meanwhile

const dialog = () => document.getElementById("sign-in-again");

export function askToSignIn() {
  const box = dialog();
  if (!box) return location.assign(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (!box.open) box.showModal();
}

async function page(url, options) {
  const response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, parsed, token: parsed.querySelector("[name=csrfmiddlewaretoken]")?.value };
}

function renew(token) {
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
  if (document.body.hasAttribute("hx-headers"))
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

/* The form's token is of an older session (signed out and in again in another tab): take the new one, or ask. */
export async function renewOrAsk() {
  if (!(await resume().catch(() => false))) askToSignIn();
}

/* Takes over the session of this page; says whether someone is signed in. `quiet` where it is not for the person to repeat anything. */
export async function resume(quiet = false) {
  const { response, parsed, token } = await page(location.href);
  const person = parsed.body.dataset.person;
  if (!response.ok || !person || !token) return false;
  renew(token);
  if (dialog()?.open) dialog().close();
  if (quiet && person === document.body.dataset.person) return true;
  if (person === document.body.dataset.person)
    toast("You are signed in again. Repeat your last step; what you typed is still here.");
  else toast("You are signed in as someone else. Reload the page before you go on.", "warn");
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("#sign-in-again form[data-sign-in]")) return;
  event.preventDefault();
  const say = (text) => (form.querySelector("[data-say]").textContent = text);
  try {
    const fresh = await page(form.action);
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", fresh.token ?? "");
    const { parsed } = await page(form.action, { method: "POST", body: data });
    if (await resume()) form.reset();
    else
      say(
        parsed.querySelector("[data-form-errors] li")?.textContent ??
          "That did not work. Check the user name and password.",
      );
  } catch {
    say("The server can't be reached. Check your connection and try again.");
  }
});

// Whoever signed in in another tab comes back to a page that knows it.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && dialog()?.open) resume().catch(() => {});
});
