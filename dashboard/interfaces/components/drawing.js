// What stands in the place of one chart: compiled by the server, drawn here; to be walked through, zoomed and pressed.
const runtime = () => import("./vega_runtime.js");

// The chart of an address (….json?…) as the browser draws it, in the colours of the page.
export const compiled = (url, theme) => `${url.replace(".json?", ".vega?")}&theme=${theme}`;
export const pageTheme = () => (document.documentElement.classList.contains("dark") ? "dark" : "light");

// A link that knows the charts it leads to asks for them as soon as it is reached, an option of a list when it is pressed.
// What comes is drawn from here for some seconds: asking again whether it still holds would take one more journey.
const ahead = {}, HOLDS = 5000;
const chartsOf = (place) => place?.dataset.chart.match(/\S+/g)?.map((url) => compiled(url, pageTheme())) ?? [];
function prefetch({ target, type }) {
  for (const url of chartsOf(target.closest?.(type === "pointerdown" ? "li[data-chart]" : "a[data-chart]"))) {
    if (!ahead[url]) setTimeout(() => delete ahead[url], HOLDS);
    ahead[url] ??= fetch(url).then((reply) => (reply.ok ? reply : null), () => null);
  }
}

// Followed, it draws them in the places of those that stand, before the page knows; what the page does not ask for then, goes.
function draw({ target, button, ctrlKey, metaKey, shiftKey }) {
  const urls = chartsOf(target.closest?.("[data-chart]")), boxes = [...document.querySelectorAll(".chart-box")];
  if (button || ctrlKey || metaKey || shiftKey || boxes.length !== urls.length) return;
  boxes.forEach(({ drawing }, at) => {
    drawing.follow(urls[at]).catch(() => {});
    setTimeout(() => drawing.url !== drawing.asked && drawing.again(), HOLDS);
  });
}

// A country that is pointed at, in a chart, on the map or in a list, is marked wherever the page shows it.
const OF = "a[href*='/countries/']";
const country = (one) => (one?.__data__?.datum?.datum ?? one?.__data__?.datum)?.country
  ?? (one?.closest(OF) ?? one?.querySelector(OF))?.href.match(/countries\/([A-Z]{3})\//)?.[1];
let lit;
function light({ target }) {
  const iso3 = country(target.closest?.("path, text, tr, li, .tile"));
  if (iso3 === lit) return;
  lit = iso3;
  const places = document.querySelectorAll(".chart-box path, .chart-box text, main tr, main li:not(:has(li)), .tile");
  places.forEach((one) => one.toggleAttribute("data-lit", Boolean(iso3) && country(one) === iso3));
}
if (typeof document !== "undefined") {
  runtime();  // read while the page still waits for its answer
  document.addEventListener("click", draw, true);
  for (const kind of ["pointerover", "focusin", "pointerdown"]) [prefetch, light].forEach((heard) => document.addEventListener(kind, heard));
}

// A mark hears what a pointer would do in the middle of it.
function touched(mark, ...kinds) {
  const { x, y, width, height } = mark?.getBoundingClientRect() ?? {};
  const at = { bubbles: true, view: window, clientX: x + width / 2, clientY: y + height / 2 };
  for (const kind of kinds) mark?.dispatchEvent(new PointerEvent(kind, at));
}

const keyed = (rows) => rows.map((row) => [JSON.stringify(row), row]);  // before Vega writes into it

export class Drawing {
  place = null;  // the element: React renders nothing into it
  held = null;   // the mark that the keyboard has come to

  // Draws what is at an address and gives its specification, to all who ask for it.
  follow(url) {
    if (this.url === url) return this.answered;
    this.going?.abort();
    const { signal } = this.going = new AbortController();
    this.url = url;
    return this.answered = (async () => {
      const at = url.split("#")[0], reply = (await ahead[at])?.clone() ?? await fetch(at, { signal });
      if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
      const spec = await reply.json();
      await this.show(spec, signal);
      return spec;
    })();
  }

  // Shows a specification; the same chart of other figures only changes its rows. It stands when this resolves.
  async show(spec, signal) {
    const { datasets = {}, usermeta, ...drawn } = spec;  // titles, sentences and counts do not make it another drawing
    const shape = JSON.stringify(drawn);
    const { changeset, ...vega } = await runtime();
    if (signal.aborted) return;
    if (this.view && this.shape === shape) {
      this.spec = spec;
      this.zoom(true);
      for (const [name, rows] of Object.entries(datasets)) this.exchange(name, rows, changeset());
      await this.view.runAsync();
      return;
    }
    const rows = Object.fromEntries(Object.entries(datasets).map(([name, all]) => [name, keyed(all)]));
    const { view, box } = await this.drawn(vega, spec);
    if (signal.aborted) { view.finalize(); return; }
    this.view?.finalize();
    Object.assign(this, { view, shape, spec, held: null, rows });
    this.place.replaceChildren(box);
    this.fit(this.place.clientWidth);
  }

  // Rows that are the same stay, and their marks with them; all are new where the others do not simply follow those.
  exchange(name, rows, changes) {
    const before = this.rows[name], left = Map.groupBy(before, ([key]) => key);
    let now = keyed(rows).map((one) => left.get(one[0])?.shift() ?? one);
    const places = new Map(before.map((one, at) => [one, at])), order = now.map((one) => places.get(one) ?? Infinity);
    if (order.some((at, n) => at < order[n - 1])) now = keyed(rows);
    const next = new Set(now), bare = (ones) => ones.map(([, row]) => row);
    this.view.change(name, changes.remove(bare(before.filter((one) => !next.has(one)))).insert(bare(now.filter((one) => !places.has(one)))));
    this.rows[name] = now;
  }

  // Drawn outside the document: what stands there is taken away only for something finished.
  async drawn({ Error: ERROR, Handler, View, expressionInterpreter, parse }, { datasets = {}, usermeta, ...spec }) {
    this.width = this.place.clientWidth || 300;
    const data = spec.data.map((one) => (one.name in datasets ? { ...one, values: datasets[one.name] } : one));
    const signals = spec.signals?.filter(({ name }) => name !== "width");  // it asks the document how wide the box is
    const flow = parse({ ...spec, data, signals, width: this.width }, null, { ast: true });
    const view = new View(flow, { renderer: "svg", expr: expressionInterpreter, logLevel: ERROR });
    const tip = { offsetX: 12, position: ["right", "left"] };  // beside the mark, so that it is not covered
    const [beside, near] = ["mark", "cursor"].map((anchor) => new Handler({ ...tip, anchor }));
    view.tooltip((handler, event, item, value) =>
      (item?.mark.marktype === "shape" ? near : beside).call(handler, event, item, value));
    view.addEventListener("click", (_event, item) => this.onPick(item));
    const box = document.createElement("div");
    await view.initialize(box).runAsync();
    return { view, box };
  }

  fit(width) {
    if (!this.view || width <= 0 || width === this.width) return;
    this.width = width;
    this.view.width(width).runAsync();
  }

  // A tap is what a pointer over the chart is, once the browser has put its mouse back to where it was.
  press({ target, nativeEvent }) {
    if (nativeEvent.pointerType === "touch") setTimeout(touched, 100, target, "pointerover", "pointermove");
  }

  // The years that a pointer was drawn over are all that is shown from now on; all years again, where the reader wants.
  async zoom(out) {
    const { view } = this;
    if (!view || !this.spec.signals?.some(({ name }) => name === "zoom")) return;
    const drawn = Object.values(view.signal("span") ?? {})[0]?.map(Math.round).sort((one, other) => one - other);
    if (drawn) await view.signal("span_x", [0, 0]).runAsync();
    if (out || (drawn && drawn[1] - drawn[0] > 1)) view.signal("zoom", out ? null : drawn).runAsync();
  }

  // Keys do what the pointer does: across the years, up and down the marks of one year, or all marks where there are no
  // years; Enter presses, Escape leaves and shows all years.
  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter") touched(this.held, "click");
    if (event.key === "Escape") { touched(this.held, "pointerout"); this.held = null; this.zoom(true); }
    if (!step) return;
    event.preventDefault();
    const all = (name) => [...this.place.querySelectorAll(`.${name}_marks path`)];
    const year = (mark) => mark?.__data__.datum.since ?? mark?.__data__.datum.year;
    const years = all("columns").filter((mark, n, those) => year(mark) !== year(those[n - 1])), marks = all("targets");
    const across = years.length && /Left|Right/.test(event.key);
    const stops = across ? years : marks.filter((mark) => !years.length || year(mark) === year(this.held));
    const at = across ? stops.findIndex((mark) => year(mark) === year(this.held)) : stops.indexOf(this.held);
    touched(this.held, "pointerout");
    this.held = stops[at < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.min(Math.max(at + step, 0), stops.length - 1)];
    touched(this.held, "pointerover", "pointermove");
    document.getElementById("vg-tooltip-element")?.setAttribute("aria-live", "polite");
  }

  clear() { this.going?.abort(); this.view?.finalize(); this.view = null; this.url = ""; }
}
