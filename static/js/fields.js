// Small behaviours of controls: ticks that send their form, table twins, keys made from names, texts put in, lists narrowed.
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

function proposeRate(kind) { // a ratio is most often a rate in percent, a formula has a fraction: say so while nothing else was chosen
  const { unit, decimals } = kind.form?.elements ?? {};
  const proposed = { ratio: "percent", derived: "number" }[kind.value];
  if (kind.name !== "kind" || !proposed || unit?.value !== "count" || decimals?.value !== "0") return;
  unit.value = proposed;
  decimals.value = "2";
}

function insert(root, button) { // a metric's key where the cursor stands, with a space around it
  const field = root.getElementById(button.dataset.into);
  const key = root.getElementById(button.dataset.insert)?.value;
  if (!field || !key) return;
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/[\s(]$/.test(before) ? " " : "";
  field.setRangeText(gap + key, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function narrow(root, search) { // lines that hold every word of the search stay
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const line of root.querySelectorAll(search.dataset.narrow)) {
    line.hidden = !words.every((word) => line.textContent.toLowerCase().includes(word));
  }
}

export function watchFields(root) {
  root.addEventListener("input", (event) => {
    if (event.target.id) propose(root, event.target);
    if (event.target.dataset.narrow) narrow(root, event.target);
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) send(event.target);
    proposeRate(event.target);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-twin]");
    if (button) twin(root, button);
    const inserter = event.target.closest("[data-insert]");
    if (inserter) insert(root, inserter);
  });
}
