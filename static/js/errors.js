// What htmx could not do, said in a toast. 400, 409, 413 and 422 bring their own words and are swapped.
import { say } from "./elements/toast-note.js";

const SWAPPED = new Set([400, 409, 413, 422]);

function signedOut(response) {
  return response.redirected && new URL(response.url).pathname.startsWith("/accounts/login/");
}

export function watchErrors(root) {
  const words = root.body.dataset;
  root.addEventListener("htmx:before:response", (event) => {
    const { response } = event.detail.ctx;
    if (response.status !== 401 && !signedOut(response.raw)) return;
    event.preventDefault(); // the session is over: the page itself asks to sign in and comes back
    location.reload();
  });
  root.addEventListener("htmx:response:error", (event) => {
    const { status } = event.detail.ctx.response;
    if (!SWAPPED.has(status)) say({ 403: words.say403, 404: words.say404 }[status] ?? words.say500, "error");
  });
  root.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) say(words.sayOffline, "error");
  });
}
