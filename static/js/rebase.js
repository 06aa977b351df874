/* After two people saved one record: a choice in the table of what differs goes into the form's own fields at once, and
   what is typed into a field by hand is one's own choice again. Tables of a form are put together by the server. */
const unitOf = (name) => name.replace(/-\d{1,3}-.*$/, "");

function set(form, name, values) {
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
}

document.addEventListener("change", (event) => {
  const row = event.target.closest?.("[data-rebase] tr[data-unit]");
  if (!row) return;
  const chosen = JSON.parse(row.dataset.sets)[event.target.value];
  for (const [name, values] of Object.entries(chosen)) set(row.closest("form"), name, values);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form");
  if (!form || event.target.closest("[data-rebase]") || !event.target.name) return;
  const units = [event.target.name, `rows:${unitOf(event.target.name)}`];
  for (const row of form.querySelectorAll("[data-rebase] tr[data-unit]"))
    if (units.includes(row.dataset.unit)) row.querySelector('input[value="mine"]').checked = true;
});
