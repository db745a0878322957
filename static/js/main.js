// Every page loads this: htmx, the shell's elements, and what a page needs only when it is there.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./elements/command-palette.js";
import "./elements/confirm-dialog.js";
import "./elements/copy-button.js";
import "./elements/drop-file.js";
import "./elements/pop-menu.js";
import "./elements/toast-note.js";
import { watchDialogs } from "./dialogs.js";
import { watchErrors } from "./errors.js";
import { watchFields } from "./fields.js";
import { watchKeys } from "./keys.js";
import { watchOffline } from "./offline.js";
import { watchTheme } from "./themes.js";

watchDialogs(document);
watchOffline(document); // before errors: a tick without network is kept, not lost
watchErrors(document);
watchFields(document);
watchKeys(document);
watchTheme(document);

const lazy = [
  ["chart-notes", () => import("./elements/chart-notes.js")],
  ["line-chart", () => import("./elements/line-chart.js")],
  ["mention-box", () => import("./elements/mention-box.js")],
  ["preview-box", () => import("./elements/preview-box.js")],
  ["comment-box", () => import("./elements/comment-box.js")],
  ["attach-files", () => import("./elements/attach-files.js")],
  ["value-grid", () => import("./elements/value-grid.js")],
  ["card-view-live", () => import("./elements/card-view-live.js")],
  ["card-table", () => import("./elements/card-table.js")],
  ["card-calendar", () => import("./elements/card-calendar.js")],
  ["time-line", () => import("./elements/time-line.js")],
  ["sortable-board", () => import("./elements/sortable-board.js")],
];

function load() {
  for (const [selector, get] of lazy) if (document.querySelector(selector)) get();
}

load();
document.addEventListener("htmx:after:swap", load);
document.documentElement.dataset.ready = htmx.version;
