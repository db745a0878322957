// A card opened over its board has its own address: copy it, reload it, go back from it.
import htmx from "htmx.org/dist/htmx.esm.js";

const drawer = () => document.getElementById("drawer");
let opened = ""; // the id of the card whose address is shown

/** Load the link's card into #drawer and show its address. */
export async function openInDrawer(link) {
  const { pathname } = new URL(link.href);
  const { id } = link.closest("[data-id]");
  await htmx.ajax("GET", pathname, { source: link, target: "#drawer", swap: "innerHTML" });
  if (!drawer().childElementCount || location.pathname === pathname) return;
  history.pushState(null, "", pathname);
  opened = id;
}

/** Put the board's address back when the drawer closes, and close the drawer on the way back. */
export function watchDrawer(home, signal) {
  const refocus = () => {
    document.getElementById(opened)?.querySelector("a").focus(); // the card may have been drawn anew
    opened = "";
  };
  const closed = () => {
    if (opened && location.pathname !== home) history.back();
    else refocus();
  };
  const back = (event) => {
    if (location.pathname !== home) return;
    event.preventDefault(); // htmx need not fetch the page: it is still there
    if (drawer().open) drawer().close();
    refocus(); // now, because the end of a traversal puts the focus on the body unless it has moved
  };
  drawer().addEventListener("close", closed, { signal });
  addEventListener("popstate", back, { signal });
  document.addEventListener("htmx:before:history:restore", back, { signal });
}
