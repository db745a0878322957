// A card opened over its board has its own address: copy it, reload it, go back from it.
import htmx from "htmx.org/dist/htmx.esm.js";

const drawer = () => document.getElementById("drawer");

/** Load the link's card into #drawer and show its address. */
export function openInDrawer(link) {
  const { pathname } = new URL(link.href);
  htmx.ajax("GET", pathname, { source: link, target: "#drawer", swap: "innerHTML" }).then(() => {
    if (drawer().childElementCount && location.pathname !== pathname) history.pushState({ drawer: true }, "", pathname);
  });
}

/** Put the board's address back when the drawer closes, and close the drawer on the way back. */
export function watchDrawer(home, signal) {
  drawer().addEventListener("close", () => {
    if (history.state?.drawer) history.back();
  }, { signal });
  addEventListener("popstate", () => {
    if (location.pathname === home && drawer().open) drawer().close();
    else if (history.state?.drawer) location.reload(); // forward again: the card's own page
  }, { signal });
}
