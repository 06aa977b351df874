/* Weights that must sum to something say how far they are while one types: <fieldset data-sum="100"> holds inputs with
   data-addend and an output. In units of a billionth, so that 0.1 and 0.2 make 0.3. */
const UNIT = 1e9;
const shown = (units) => String(Math.round(units) / UNIT);

function tell(group) {
  const wanted = Number(group.dataset.sum) * UNIT;
  let sum = 0;
  for (const input of group.querySelectorAll("[data-addend]")) {
    const text = input.value.trim();
    if (!/^\d+(\.\d+)?$/.test(text)) return say(group, "Each weight is a number.", true);
    sum += Math.round(Number(text) * UNIT);
  }
  const off = Math.round(wanted - sum);
  const rest = off > 0 ? `${shown(off)} is missing` : `${shown(-off)} too many`;
  say(group, `The weights sum to ${shown(sum)} %${off ? `: ${rest}` : ""}.`, Boolean(off));
}

function say(group, text, off) {
  const output = group.querySelector("[data-sum-out]");
  output.textContent = text;
  output.toggleAttribute("data-off", off);
}

const all = () => document.querySelectorAll("[data-sum]").forEach(tell);
document.addEventListener("input", (event) => {
  const group = event.target.closest?.("[data-sum]");
  if (group) tell(group);
});
document.addEventListener("htmx:load", all);
all();
