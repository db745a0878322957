// Dialogs: opened by [data-dialog="id"] or by an htmx swap into them; closed by [data-close], the backdrop,
// or the server's HX-Trigger "close-dialogs". What htmx put into #drawer or #dialog goes when they close.
const LOADED = new Set(["drawer", "dialog"]);

function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:open"));
}

export function watchDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) open(root.getElementById(opener.dataset.dialog));
    const dialog = event.target.closest("dialog");
    if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
  });
  root.addEventListener("htmx:after:swap", () => {
    for (const id of LOADED) {
      const dialog = root.getElementById(id);
      if (!dialog) continue;
      if (dialog.childElementCount) open(dialog);
      else dialog.close();
    }
  });
  root.addEventListener("close-dialogs", () => {
    for (const dialog of root.querySelectorAll("dialog[open]")) dialog.close();
  });
  root.addEventListener(
    "close",
    (event) => {
      if (LOADED.has(event.target.id)) event.target.replaceChildren();
    },
    true,
  );
  const drawer = root.getElementById("drawer");
  if (drawer?.childElementCount) open(drawer);
}
