// Draws specifications, some of them ahead. The first chart of a page is a picture that the server has drawn: the head of the
// page asks for it at once, it needs no drawing code, and it stands when the page does. The browser draws the same when it
// has nothing to do, and that takes the place of the picture when the reader reaches for it. So are drawn, outside the
// document, the views whose tabs the reader may press. The figure takes a drawing if the server, or the control, names that
// very address, and lays the one before aside: a reader may come back.

const here = typeof document !== "undefined";
const first = here ? window.firstChart : null;

// The drawing code is read while the page still waits for its answer, unless a picture will do for now.
let reading = here && !first?.pictured ? import("./vega_runtime.js") : null;
export const runtime = () => (reading ??= import("./vega_runtime.js"));

const UNKNOWN = 300;  // width of what is drawn for a place that is not shown
const given = new WeakMap();  // view → width of its place; the view's own width is what axes and labels leave of it

// { box, view, fields }: a specification drawn into an element of its own, outside the document: what stands there is taken
// away only for something finished. Rows go into the data of their names.
export async function draw({ datasets = {}, usermeta, ...spec }, width) {
  const { Error: ERROR, Handler, View, expressionInterpreter, parse } = await runtime();
  const data = spec.data.map((one) => (one.name in datasets ? { ...one, values: datasets[one.name] } : one));
  const signals = spec.signals?.filter(({ name }) => name !== "width");  // it asks the document how wide the box is
  const flow = parse({ ...spec, data, signals, width: width || UNKNOWN }, null, { ast: true });
  const view = new View(flow, { renderer: "svg", expr: expressionInterpreter, logLevel: ERROR });
  const box = document.createElement("div");
  const fields = fieldsIn(datasets);
  await view.tooltip(new Handler().call).initialize(box).runAsync();
  given.set(view, width);
  return { box, view, fields };
}

// Draws the view anew if its place has another width now.
export function fit(view, width) {
  if (width <= 0 || given.get(view) === width) return;
  given.set(view, width);
  view.width(width).runAsync();
}

// The fields of each dataset: to be asked before the drawing writes its own into the rows.
function fieldsIn(datasets) {
  const fields = (rows) => [...new Set(rows.flatMap(Object.keys))];
  return Object.fromEntries(Object.entries(datasets).map(([name, rows]) => [name, fields(rows)]));
}

// The rows that a dataset loses and gains so that it holds ``rows``; they are the same where all ``fields`` are.
function difference(held, rows, fields) {
  const key = (row) => JSON.stringify(fields.map((field) => row[field]));
  const left = new Map();
  for (const row of held) {
    const same = left.get(key(row));
    if (same) same.push(row);
    else left.set(key(row), [row]);
  }
  const gained = rows.filter((row) => !left.get(key(row))?.pop());
  return { lost: [...left.values()].flat(), gained };
}

// Gives a mounted view other rows. The marks of rows that stay are not made anew: when a country joins, most stay.
export async function renew(chart, datasets) {
  const { changeset } = await runtime();
  const { view } = chart;
  const now = fieldsIn(datasets);
  for (const [name, rows] of Object.entries(datasets)) {
    const fields = [...new Set([...(chart.fields[name] ?? []), ...now[name]])];
    const { lost, gained } = difference(view.data(name), rows, fields);
    if (lost.length || gained.length) view.change(name, changeset().remove(lost).insert(gained));
  }
  chart.fields = now;
  await view.runAsync();
}

const late = () => new Promise((done) => setTimeout(done, 500));  // what does not come by then is not waited for

// Resolves when the page is read and has its looks: before that its text has another width.
async function dressed() {
  if (document.readyState === "loading") await new Promise((read) => document.addEventListener("DOMContentLoaded", read));
  const bare = [...document.querySelectorAll("link[rel=stylesheet]")].filter(({ sheet }) => !sheet);
  const came = bare.map((link) => new Promise((done) => { link.onload = link.onerror = done; }));
  await Promise.race([Promise.all(came), late()]);
}

// Where the chart will be: the width of the page's text.
function widthOfText() {
  const main = document.querySelector("main"), style = main && getComputedStyle(main);
  return main ? Math.floor(main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) : 0;
}

// The first chart: { spec, box, width }, what the server has drawn of the specification that is coming; or what the browser
// draws, where no picture comes in time.
async function begun({ href, spec: coming, pictured }) {
  await dressed();
  const width = widthOfText();
  const asked = pictured && fetch(`${href.replace(".vega?", ".picture?")}&width=${width}`).catch(() => null);
  const spec = await coming;
  const reply = await Promise.race([asked, late()]);
  if (!spec || !reply?.ok) return spec && { spec, ...(await draw(spec, width)) };
  const box = document.createElement("div");
  box.innerHTML = await reply.text();  // of our own server, from the same rows
  return { spec, box, width };
}

// Drawings of what may be shown next, by address, the last made last: until a figure takes one, or others need the room.
const ahead = new Map();
const drawings = new WeakMap();  // drawing on its way → what it has become
const MOST = 8;

// Ends the life of a drawing that is shown no more; a picture has none.
export const drop = (drawn) => drawn?.view?.finalize();

function lay(href, drawing) {
  ahead.set(href, drawing);
  drawing.then((drawn) => drawn && drawings.set(drawing, drawn));
  if (ahead.size <= MOST) return;
  const [oldest, left] = ahead.entries().next().value;
  ahead.delete(oldest);
  left.then(drop);
}

// Draws the specification that is coming from an address before it is known whether it will be shown.
export async function drawAhead(href, coming, width) {
  if (ahead.has(href)) return;
  const drawing = coming
    .then(async (spec) => spec && { spec, ...(await draw(spec, width)) })
    .catch(() => null);
  lay(href, drawing);
  if (!(await drawing) && ahead.get(href) === drawing) ahead.delete(href);  // nothing came: it is not drawn
}

// Lays aside what a figure shows no more.
export function layAside(href, drawn) {
  drawnAhead(href).then(drop);
  lay(href, Promise.resolve(drawn));
}

export const isDrawnAhead = (href) => ahead.has(href);

// What is drawn of this address by now and not shown: { spec, box, view, fields }, or a picture.
export const finished = (href) => drawings.get(ahead.get(href));

// The same, for the one who shows it.
export function take(href) {
  const drawn = finished(href);
  ahead.delete(href);
  return drawn;
}

// The same, or null, when it is finished.
export async function drawnAhead(href) {
  const drawing = ahead.get(href) ?? null;
  ahead.delete(href);
  return drawing;
}

if (first) lay(first.href, begun(first).catch(() => null));
