// Draws specifications. The chart of a cold load is drawn ahead: the head of the page names it, and while the page waits
// for its state the drawing is made outside the document. The figure takes it if the server names that very address.
import { FRESH, expected, specification } from "./chart_specs.js";

// The drawing code is read while the page still waits for its answer: once, and only in a browser.
const reading = typeof document === "undefined" ? null : import("./vega_runtime.js");
export const runtime = () => reading ?? import("./vega_runtime.js");

// The mounted view of a specification in a box.
export async function draw(box, spec) {
  const { embed, expressionInterpreter } = await runtime();
  return embed(box, spec, { actions: false, renderer: "svg", ast: true, expr: expressionInterpreter, logLevel: 1 });
}

// Where the chart will be: the width of the page's text.
function widthOfText() {
  const main = document.querySelector("main"), style = main && getComputedStyle(main);
  return main ? main.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) : 0;
}

async function drawAhead(href) {
  const box = document.createElement("div");
  const spec = await specification(href, new AbortController().signal);
  const width = Math.floor(widthOfText());
  const result = await draw(box, spec.width === "container" && width > 0 ? { ...spec, width } : spec);
  return { box, spec, result };
}

// { href, drawing } of the chart of a cold load, until a figure takes it or it is too old to be drawn.
let ahead = null;
const href = typeof document === "undefined" ? "" : expected();
if (href) {
  ahead = { href, drawing: drawAhead(href).catch(() => null) };
  setTimeout(() => {
    ahead?.drawing.then((drawn) => drawn?.result.finalize());
    ahead = null;
  }, FRESH);
}

// What is drawn ahead of this address: { box, spec, result }, or null.
export async function drawnAhead(asked) {
  if (ahead?.href !== asked) return null;
  const { drawing } = ahead;
  ahead = null;
  return drawing;
}
