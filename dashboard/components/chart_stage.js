// What stands in the place of one chart: a drawing that lives, or the picture of one, which the same drawing replaces when
// the reader reaches for it. Other figures of the same kind of chart only change its data; it is not drawn anew.
import { draw, drawAhead, drawnAhead, drop, fit, isDrawnAhead, layAside, renew, take } from "./drawing.js";

// Titles, sentences and counts (``usermeta``) belong to the page, not to the drawing: they do not make it another drawing.
function parts({ datasets = {}, usermeta, ...shape }) {
  return { datasets, shape: JSON.stringify(shape) };
}

// What has come under the pointer just now hears what the pointer did before.
function retold(kind, { clientX, clientY }) {
  const event = new PointerEvent(kind, { bubbles: true, clientX, clientY, view: window });
  document.elementFromPoint(clientX, clientY)?.dispatchEvent(event);
}

export class Stage {
  place = null;    // the element: React renders nothing into it
  href = "";       // address of what is drawn; "" while that changes
  chart = null;    // { box, view, fields, spec, shape, click } of what is drawn; a picture has a width and no view
  pointer = null;  // where it is, while it is over the chart
  pressed = null;  // where a picture was pressed
  waking = null;

  constructor(onPick) {
    this.onPick = onPick;  // of the mark that is pressed
  }

  get spec() { return this.chart.spec; }
  get isPicture() { return this.chart !== null && !this.chart.view; }

  // Begins with what was drawn of this address before the place was there.
  begin(href, drawn) {
    if (take(href) !== drawn) return;
    this.put(drawn, drawn.spec);
    this.href = href;
  }

  // Shows a specification, or what is drawn of it already. It stands when this resolves, unless ``signal`` says that
  // something else is wanted by then.
  async show(spec, drawn, signal) {
    const { datasets, shape } = parts(spec);
    const alike = this.chart?.shape === shape;
    if (alike && (this.waking || isDrawnAhead(this.href))) await this.wake();
    if (alike && this.chart.view) {
      drop(drawn);
      this.href = "";  // until the new data are whole
      this.chart.spec = spec;
      await renew(this.chart, datasets);
      return;
    }
    const made = drawn ?? await draw(spec, this.place.clientWidth);
    if (signal.aborted) drop(made);
    else this.put(made, spec);
  }

  // What was drawn outside the document, put into its place; as wide as that is. What stood there is laid aside.
  put(drawn, spec) {
    const before = this.chart;
    const click = (_event, item) => this.onPick(item);
    this.chart = { ...drawn, spec, shape: parts(spec).shape, click };
    this.place.replaceChildren(drawn.box);
    this.fit(this.place.clientWidth);
    before?.view?.removeEventListener("click", before.click);
    if (before?.view && this.href) layAside(this.href, before);
    else drop(before);
    drawn.view?.addEventListener("click", click);
  }

  // Draws what a picture shows, so that it is there when it is needed; where no pointer comes first, it is put there.
  async prepare() {
    if (!this.isPicture || !this.href || navigator.connection?.saveData) return;
    await drawAhead(this.href, Promise.resolve(this.spec), this.place.clientWidth);
    if (!window.matchMedia("(hover: hover)").matches) this.wake();
  }

  // The same drawing takes the place of a picture: it hears the pointer, and can be given other figures.
  wake() {
    this.waking ??= this.woken().catch(() => null).finally(() => { this.waking = null; });
    return this.waking;
  }

  async woken() {
    const still = this.chart;
    if (!this.isPicture) return;
    const drawn = (await drawnAhead(this.href)) ?? await draw(still.spec, this.place.clientWidth);
    if (this.chart !== still) { drop(drawn); return; }
    this.put(drawn, still.spec);
    if (this.pointer) retold("pointermove", this.pointer);
    if (this.pressed) retold("click", this.pressed);
    this.pressed = null;
  }

  point({ clientX, clientY }) {
    this.pointer = { clientX, clientY };
    if (this.isPicture) this.wake();
  }

  press({ clientX, clientY }) {
    if (!this.isPicture) return;
    this.pressed = { clientX, clientY };
    this.wake();
  }

  leave() {
    this.pointer = null;
  }

  fit(width) {
    if (this.chart?.view) fit(this.chart.view, width);
    else if (this.chart && width > 0 && width !== this.chart.width) this.wake();
  }

  clear() {
    drop(this.chart);
    this.chart = null;
    this.href = "";
  }
}
