// Specifications of charts by address, asked for as soon as the browser can know the next one.
//
// The server names the address of a chart. But a control knows what it changes before the server has heard of the click:
// it says so here, and every chart on the page shows the next drawing at once. The server hears of the click when that is
// done, confirms it or wins; where no answer comes, the chart goes back. A control that the pointer or the keyboard reaches
// asks without showing, and another kind of chart is drawn meanwhile: a wrong guess costs a request. What was shown a
// while ago needs none, and while a reader with a pointer reads, the views behind the tabs are drawn.

export const FRESH = 5000;  // milliseconds for which a guess may be drawn, and stands unconfirmed
const KEPT = 12;            // specifications shown that are remembered
const GRACE = 100;          // milliseconds after which the server hears of a click whose drawing is not there yet
const CALM = 1000;          // milliseconds without another drawing after which the views behind the tabs are drawn
const mounted = new Set();  // { href, show, prepare, prepared } of the charts on the page
const seen = new Map();     // address → specification, of what was shown, all of one dataset
const came = new WeakMap(); // specification → when the server last said that it holds
let guesses = new Map();    // address → { at, spec, stop } of specifications that no chart has taken yet
const awaited = new Map();  // address → what to call when its drawing is on the page

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
  const spec = await reply.json();
  came.set(spec, performance.now());
  return spec;
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
    const known = before.get(next), prepared = chart.prepared(next);
    const guess = prepared || isFresh(known) ? known : guessed(next);
    if (guess) guesses.set(next, guess);
    if (change.kind && !prepared) chart.prepare(next, guess.spec);
  }
  for (const [href, guess] of before) if (guesses.get(href) !== guess) guess.stop.abort();
}

// A control changes this of the charts on the page: they show it at once. Resolves when they do, or when the server should
// not wait any longer to hear of it: its answer would otherwise be worked out, and shown, in the time of the drawing. It
// hears of clicks in their order, and not before it has answered the page.
export function showAhead(change) {
  askAhead(change);
  const charts = following(change);
  const shown = charts.map(({ next }) => new Promise((done) => awaited.set(next, done)));
  for (const { chart, next } of charts) chart.show(next);
  return inTurn(Promise.race([Promise.all(shown), new Promise((late) => setTimeout(late, GRACE))]));
}

let hear;
let heard = new Promise((done) => { hear = done; });
export const hearing = () => hear();

// Resolves after what the server was to hear of before, and after ``now``.
export function inTurn(now) {
  heard = Promise.all([heard, now]);
  return heard;
}

// The drawing of this specification is on the page.
export function shown(href, spec) {
  awaited.get(href)?.();
  awaited.delete(href);
  if (!came.has(spec)) came.set(spec, performance.now());
  if ([...seen.values()].some((one) => !ofOneDataset(one, spec))) seen.clear();
  seen.delete(href);
  seen.set(href, spec);
  if (seen.size > KEPT) seen.delete(seen.keys().next().value);
  clearTimeout(calm);
  calm = setTimeout(prepareOffered, CALM);
}

const ofOneDataset = (one, other) => one.usermeta?.dataset === other.usermeta?.dataset;

// Whether the server has newer figures than a specification that was shown a while ago and is shown again.
export async function isOvertaken(href, spec, signal) {
  if (performance.now() - came.get(spec) <= FRESH) return false;
  const now = await ask(href, signal).catch(() => spec);
  if (ofOneDataset(now, spec)) came.set(spec, performance.now());
  else seen.clear();
  return !ofOneDataset(now, spec);
}

// Resolves when the browser has nothing to do.
export const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));

let offered = [];  // kinds of chart behind the tabs of the page
let calm;

// The tabs of the page lead to these kinds of chart; gives what takes the offer back.
export function offer(kinds) {
  offered = kinds;
  return () => { offered = []; };
}

// Draws the views behind the tabs of the one chart on the page, one after another, when the browser has nothing to do. Not
// where a finger points, on devices that are slower, and not for readers who save data.
async function prepareOffered() {
  const [chart] = mounted;
  const wanted = window.matchMedia("(hover: hover)").matches && !navigator.connection?.saveData;
  if (!wanted || mounted.size !== 1) return;
  for (const kind of offered) {
    await idle();
    if (!mounted.has(chart)) return;
    const next = address(chart.href, { kind });
    if (next !== chart.href && !chart.prepared(next)) await chart.prepare(next, guessed(next).spec);
  }
}

function guessed(href) {
  const stop = new AbortController();
  const spec = seen.has(href) ? Promise.resolve(seen.get(href)) : ask(href, stop.signal).catch(() => null);
  return { at: performance.now(), spec, stop };
}

const isFresh = (guess) => guess && performance.now() - guess.at <= FRESH;

// The specification at an address: the one that is coming, where a control has asked ahead, or that was shown a while ago.
export async function specification(href, signal) {
  const guess = guesses.get(href);
  guesses.delete(href);
  if (!isFresh(guess)) return seen.get(href) ?? ask(href, signal);
  signal.addEventListener("abort", () => guess.stop.abort());
  return (await guess.spec) ?? ask(href, signal);
}

// Notes that a chart is on the page: its address, how it is told the next one, how it draws ahead what is coming, and
// whether it has drawn an address; gives what takes the note back.
export function onPage(chart) {
  mounted.add(chart);
  return () => mounted.delete(chart);
}

// Controls of the page itself (native lists) say which parameter of the charts their value is: ``data-chart="from"``.
if (typeof document !== "undefined")
  document.addEventListener("change", ({ target }) => {
    const name = target.dataset?.chart;
    if (name) showAhead({ [name]: target.value });
  }, true);
