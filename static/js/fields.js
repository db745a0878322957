// Small behaviours of controls: ticks that send their form, selects that do, table twins, keys made from names.
function send(control) {
  const form = control.form;
  if (form) form.requestSubmit();
}

function twin(root, button) {
  const shown = root.getElementById(button.dataset.twin)?.classList.toggle("show-twin") ?? false;
  button.setAttribute("aria-pressed", String(shown));
}

function keyOf(name) {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[_\d]+|_+$/g, "").slice(0, 63);
}

function propose(root, field) { // only while nobody has written a key
  const key = root.querySelector(`[data-key-of="${field.id}"]`);
  if (!key || key.disabled || (key.value && key.value !== key.dataset.proposed)) return;
  key.value = key.dataset.proposed = keyOf(field.value);
}

function proposeRate(kind) { // a ratio is most often a rate in percent: say so while nothing else was chosen
  const { unit, decimals } = kind.form?.elements ?? {};
  if (kind.name !== "kind" || kind.value !== "ratio" || unit?.value !== "count" || decimals?.value !== "0") return;
  unit.value = "percent";
  decimals.value = "2";
}

export function watchFields(root) {
  root.addEventListener("input", (event) => {
    if (event.target.id) propose(root, event.target);
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) send(event.target);
    proposeRate(event.target);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-twin]");
    if (button) twin(root, button);
  });
}
