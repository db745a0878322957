// Dialogs: opened by [data-dialog="id"] or by an htmx swap into them; closed by [data-close], the backdrop,
// or the server's HX-Trigger "close-dialogs". What htmx put into #drawer or #dialog goes when they close.
// Toasts and the live region move along: outside an open modal dialog they could not be seen, heard or used.
const LOADED = ["drawer", "dialog"];

function follow(root) {
  const top = [...root.querySelectorAll("dialog[open]")].at(-1) ?? root.body;
  for (const part of root.querySelectorAll("#toasts, [data-live]")) {
    if (part.parentElement !== top) top.append(part);
  }
}

function free(root) {
  for (const part of root.querySelectorAll("dialog #toasts, dialog [data-live]")) root.body.append(part);
}

function open(root, dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  follow(root);
  dialog.dispatchEvent(new CustomEvent("dialog:open"));
}

function swapped(root) {
  for (const dialog of LOADED.map((id) => root.getElementById(id)).filter(Boolean)) {
    if (dialog.childElementCount) open(root, dialog);
    else dialog.close();
  }
  follow(root);
}

function clicked(root, event) {
  const opener = event.target.closest("[data-dialog]");
  const elsewhere = opener?.href && (event.ctrlKey || event.metaKey || event.shiftKey);
  if (opener && !elsewhere) {
    if (opener.href) event.preventDefault(); // a link for those without script and for a new tab
    open(root, root.getElementById(opener.dataset.dialog));
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
}

function closed(root, dialog) {
  follow(root);
  if (LOADED.includes(dialog.id)) dialog.replaceChildren();
}

export function watchDialogs(root) {
  root.addEventListener("click", (event) => clicked(root, event));
  root.addEventListener("htmx:before:swap", () => free(root));
  root.addEventListener("htmx:after:swap", () => swapped(root));
  root.addEventListener("close-dialogs", () => root.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));
  root.addEventListener("close", (event) => closed(root, event.target), true); // does not bubble
  swapped(root);
}
