// Specifications of charts by address, asked for as soon as the browser can know the next one.
//
// The server names the address of a chart. But a control knows what it changes before the server has heard of the click:
// it says so here, and every chart on the page shows the next drawing at once. The server's answer confirms it or wins;
// where none comes, the chart goes back. A control that the pointer or the keyboard reaches asks without showing, and
// another kind of chart is drawn meanwhile: a wrong guess costs a request.

export const FRESH = 5000;  // milliseconds for which a guess may be drawn, and stands unconfirmed
const mounted = new Set();  // { href, show, prepare } of the charts on the page
let guesses = new Map();    // address → { at, spec, stop } of specifications that no chart has taken yet

// The address of a chart as pages draw it, compiled, with some parameters changed ("" takes one out; ``kind`` is the kind
// of chart), always spelt alike.
export function address(url, change = {}) {
  const { kind, ...said } = change;
  const next = new URL(url, window.location.origin);
  next.pathname = next.pathname.replace(/\.json$/, ".vega");
  if (kind) {
    next.pathname = next.pathname.replace(/[^/]+(?=\.vega$)/, kind);
    for (const own of ["dimension", "sort", "with", "event"]) next.searchParams.delete(own);  // of one kind alone
  }
  for (const [name, value] of Object.entries(said)) {
    if (value) next.searchParams.set(name, value);
    else next.searchParams.delete(name);
  }
  const [from, to] = [next.searchParams.get("from"), next.searchParams.get("to")];
  if (from && to && +from > +to) {  // as the server turns years that are the wrong way round
    next.searchParams.set("from", to);
    next.searchParams.set("to", from);
  }
  next.searchParams.sort();
  return next.href.replaceAll("%2C", ",");
}

async function ask(href, signal) {
  const reply = await fetch(href, { signal });
  if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
  return reply.json();
}

// The next address of each chart on the page that a control changes: { country: "AZE,GEO" }.
function following(change) {
  return [...mounted]
    .filter(({ href }) => new URL(href).searchParams.has("indicator"))  // of counts: countries and years change nothing
    .map((chart) => ({ chart, next: address(chart.href, change) }))
    .filter(({ chart, next }) => next !== chart.href);
}

// A control may soon change this of the charts on the page: their specifications are on their way meanwhile.
export function askAhead(change) {
  const before = guesses;
  guesses = new Map();
  for (const { chart, next } of following(change)) {
    const known = before.get(next);
    const stop = new AbortController();
    const guess = isFresh(known) ? known : { at: performance.now(), spec: ask(next, stop.signal).catch(() => null), stop };
    guesses.set(next, guess);
    if (change.kind) chart.prepare(next, guess.spec);
  }
  for (const [href, guess] of before) if (guesses.get(href) !== guess) guess.stop.abort();
}

// A control changes this of the charts on the page: they show it at once, and the server hears of it meanwhile.
export function showAhead(change) {
  askAhead(change);
  for (const { chart, next } of following(change)) chart.show(next);
}

const isFresh = (guess) => guess && performance.now() - guess.at <= FRESH;

// The specification at an address: the one that is coming, where a control has asked ahead.
export async function specification(href, signal) {
  const guess = guesses.get(href);
  guesses.delete(href);
  if (!isFresh(guess)) return ask(href, signal);
  signal.addEventListener("abort", () => guess.stop.abort());
  return (await guess.spec) ?? ask(href, signal);
}

// Notes that a chart of this address is on the page, how it is told the next one, and how it draws ahead what is coming;
// gives what takes the note back.
export function onPage(href, show, prepare) {
  const chart = { href, show, prepare };
  mounted.add(chart);
  return () => mounted.delete(chart);
}

// Controls of the page itself (native lists) say which parameter of the charts their value is: ``data-chart="from"``.
if (typeof document !== "undefined")
  document.addEventListener("change", ({ target }) => {
    const name = target.dataset?.chart;
    if (name) showAhead({ [name]: target.value });
  }, true);
