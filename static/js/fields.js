// Small behaviours of controls: ticks that send their form, selects that do, table twins.
function send(control) {
  const form = control.form;
  if (form) form.requestSubmit();
}

function twin(root, button) {
  const shown = root.getElementById(button.dataset.twin)?.classList.toggle("show-twin") ?? false;
  button.setAttribute("aria-pressed", String(shown));
}

export function watchFields(root) {
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) send(event.target);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-twin]");
    if (button) twin(root, button);
  });
}
