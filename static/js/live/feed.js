// The changes of a board as they happen: a stream of server-sent events, polling where there is none.
// feed({base, seq, streams}, hear, signal): hear.change({seq, …}), hear.reset(), hear.here(people), hear.line("up" | "down" | "shut").
const POLL = 2500;
const AGAIN = 30_000; // before a stream that was refused is asked for again; doubled each time
const LONGEST = 600_000;
const HIDDEN = 20_000; // a page that nobody sees gives its connection back: browsers have six for a site
const SHUT = new Set([401, 403, 404]);

export function feed({ base, seq, streams }, hear, signal) {
  let source, polling, retry, hiding, pause = AGAIN, closed = false;

  const take = (change) => {
    if (change.seq <= seq) return; // told twice does no harm
    seq = change.seq;
    hear.change(change);
  };
  const anew = (last) => {
    seq = last;
    hear.reset();
  };
  const stop = () => {
    source?.close();
    source = undefined;
    clearTimeout(polling);
    clearTimeout(retry);
    polling = retry = undefined;
  };

  function follow() {
    if (!streams) {
      polling ??= setTimeout(poll, POLL);
      return;
    }
    source?.close();
    source = new EventSource(`${base}stream/?after=${seq}`);
    source.addEventListener("open", () => {
      clearTimeout(polling);
      polling = undefined;
      pause = AGAIN;
      hear.line("up");
    });
    source.addEventListener("change", ({ data }) => take(JSON.parse(data)));
    source.addEventListener("reset", ({ data }) => anew(JSON.parse(data).seq));
    source.addEventListener("here", ({ data }) => hear.here(JSON.parse(data).people));
    source.addEventListener("error", failed);
  }

  function failed() { // CONNECTING: the browser comes back by itself; CLOSED: it was refused
    if (source?.readyState === EventSource.CLOSED) {
      source = undefined;
      retry = setTimeout(follow, pause);
      pause = Math.min(pause * 2, LONGEST);
    }
    polling ??= setTimeout(poll, POLL);
  }

  async function poll() {
    const status = await ask();
    if (closed || polling === undefined) return;
    if (SHUT.has(status)) {
      shut();
      return;
    }
    hear.line(status === 200 ? "up" : "down");
    polling = setTimeout(poll, POLL);
  }

  async function ask() {
    try {
      const answer = await fetch(`${base}changes/?after=${seq}`, { headers: { Accept: "application/json" } });
      if (answer.status !== 200) return answer.status;
      const told = await answer.json();
      if (told.reset) anew(told.seq);
      else told.changes.forEach(take);
      hear.here(told.people);
      return 200;
    } catch {
      return 0; // no network, no server
    }
  }

  function shut() {
    closed = true;
    stop();
    hear.line("shut");
  }

  function seen() {
    clearTimeout(hiding);
    if (closed) return;
    if (document.hidden) hiding = setTimeout(stop, HIDDEN);
    else if (!source && polling === undefined) follow();
  }

  document.addEventListener("visibilitychange", seen, { signal });
  addEventListener("pagehide", stop, { signal });
  addEventListener("pageshow", seen, { signal });
  addEventListener("online", () => { if (!closed && !document.hidden) follow(); }, { signal });
  addEventListener("offline", () => hear.line("down"), { signal });
  signal.addEventListener("abort", () => { closed = true; clearTimeout(hiding); stop(); });
  seen();
}
