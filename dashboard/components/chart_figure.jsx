// One chart: its title, the drawing, the sentence of what it shows, and its downloads, all from one specification that
// is fetched by address. A change of data only changes the data of the mounted view; the drawing is not made anew.
import { useContext, useEffect, useRef, useState } from "react";
import { ColorModeContext } from "$/utils/context";
import { CopyLink } from "./browser.jsx";
import { ShareDialog } from "./share_dialog.jsx";
import { FRESH, address, isOvertaken, onPage, shown as told, specification } from "./chart_specs.js";
import { draw, drawAhead, drawnAhead, fit, isDrawnAhead, layAside, renew } from "./drawing.js";

// The form of a plural message for a number, as the language writes it.
function counted(forms, count, lang) {
  if (typeof forms === "string") return forms;
  const form = forms[new Intl.PluralRules(lang).select(count)] ?? forms.other;
  return form.replace("{count}", new Intl.NumberFormat(lang, { numberingSystem: "latn" }).format(count));
}

// Titles, sentences and counts belong to the page, not to the drawing: they do not make it another drawing.
function parts(spec) {
  const { datasets = {}, usermeta = {}, ...shape } = spec;
  return { datasets, usermeta, shape: JSON.stringify(shape) };
}

// A click on a mark that is one country in one year, whatever the kind of chart: its figure is asked for. A chart of a
// country's own series asks for the figure of that series.
function picked(item, { url, onSelect }) {
  const row = item?.datum?.datum ?? item?.datum;
  if (!row?.country || !row?.year || item.mark?.marktype === "line") return;
  const asked = new URL(url, window.location.origin).searchParams;
  const [indicator, series] = [asked.get("indicator"), asked.get("series") ?? ""];
  const figure = { indicator, country: row.country, year: row.year, series };
  onSelect?.(JSON.stringify(figure));
}

// What was drawn outside the document, put into its place; as wide as that is.
function placed({ box, view }, place) {
  place.replaceChildren(box);
  fit(view, place.clientWidth);
}

// Said where an answer takes long; what is drawn stays, and the reader may ask anew.
const PATIENCE = 5000;  // milliseconds

function Slow({ busy, asked, text, onRetry }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!busy) return undefined;
    const wait = setTimeout(() => setSlow(true), PATIENCE);
    return () => clearTimeout(wait);
  }, [busy, asked]);
  return (
    <div role="status">
      {slow && (
        <div className="trouble">
          <p>{text.slow}</p>
          <button type="button" onClick={onRetry}>{text.retry}</button>
        </div>
      )}
    </div>
  );
}

// The theme of the page. Until the theme provider has looked, the class of the document knows it.
function useDark() {
  const { resolvedColorMode } = useContext(ColorModeContext);
  const began = useRef(resolvedColorMode);
  if (began.current !== resolvedColorMode) began.current = null;
  if (began.current === null) return resolvedColorMode === "dark";
  return typeof document !== "undefined" && document.documentElement.classList.contains("dark");
}

// The address to draw: the server's, or what a control names after it while the server has not yet said so.
function useDrawn(url) {
  const theme = useDark() ? "dark" : "light";
  const said = url && typeof window !== "undefined" ? address(url, { theme }) : "";
  const [ahead, setAhead] = useState(null);  // { before, next }: next is shown while the server names one of those before
  const stands = ahead?.before.includes(said) ?? false;
  if (ahead && !stands) setAhead(null);
  useEffect(() => {
    if (!ahead) return undefined;
    const wait = setTimeout(() => setAhead(null), FRESH);
    return () => clearTimeout(wait);
  }, [ahead]);
  const href = stands ? ahead.next : said;
  const show = (next) => setAhead(next && { before: stands ? [...ahead.before, href] : [href], next });
  return { href, show, guessed: stands };
}

export function ChartFigure({ url, lang, height, level, heading, subtitle, text, onSelect, onFail, children }) {
  const { href, show, guessed } = useDrawn(url);
  const box = useRef(null);     // Vega owns this element; React renders nothing into it
  const chart = useRef(null);   // { box, view, shape, fields, spec, click } of what is drawn
  const shown = useRef("");     // address of what is drawn
  const calls = useRef({});
  calls.current = { url, show, guessed, onSelect, onFail };
  const [status, setStatus] = useState("loading");
  const [about, setAbout] = useState({});
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (!href) return undefined;
    const prepare = (next, coming) => box.current && drawAhead(next, coming, box.current.clientWidth);
    const gone = onPage({ href, show: (next) => calls.current.show(next), prepare, prepared: isDrawnAhead });
    if (shown.current === href) { setStatus("ready"); return gone; }
    const abort = new AbortController();
    (async () => {
      try {
        setStatus((s) => (s === "ready" || s === "updating" ? "updating" : "loading"));
        const ahead = await drawnAhead(href);
        if (abort.signal.aborted) { ahead?.view.finalize(); return; }
        const spec = ahead?.spec ?? await specification(href, abort.signal);
        if (abort.signal.aborted) return;
        const { datasets, usermeta, shape } = parts(spec);
        if (chart.current?.shape === shape) {              // same chart, new data: no new drawing
          ahead?.view.finalize();
          shown.current = "";                              // until the new data are whole
          chart.current.spec = spec;
          await renew(chart.current, datasets);
        } else {
          const drawn = ahead ?? await draw(spec, box.current.clientWidth);
          if (abort.signal.aborted) { drawn.view.finalize(); return; }
          const before = chart.current;
          const click = (_event, item) => picked(item, calls.current);
          chart.current = { ...drawn, spec, shape, click };
          placed(drawn, box.current);
          before?.view.removeEventListener("click", before.click);
          if (shown.current) layAside(shown.current, before);
          else before?.view.finalize();
          drawn.view.addEventListener("click", click);
        }
        if (abort.signal.aborted) return;
        shown.current = href;
        told(href, spec);
        setAbout(usermeta);
        setStatus("ready");
        if (await isOvertaken(href, spec, abort.signal) && !abort.signal.aborted) {
          shown.current = "";
          setAttempt((n) => n + 1);
        }
      } catch (error) {
        if (abort.signal.aborted) return;
        if (calls.current.guessed) { calls.current.show(null); return; }  // the server's word stands
        shown.current = "";
        setStatus("error");
        calls.current.onFail?.(String(error));
      }
    })();
    return () => { gone(); abort.abort(); };
  }, [href, attempt]);

  useEffect(() => {                                        // follows its container, not only the window
    const seen = new ResizeObserver(([entry]) => {
      if (chart.current) fit(chart.current.view, Math.floor(entry.contentRect.width));
    });
    seen.observe(box.current);
    return () => { seen.disconnect(); chart.current?.view.finalize(); chart.current = null; shown.current = ""; };
  }, []);

  const Heading = level ?? "h2";
  const busy = status === "loading" || status === "updating";
  const file = (format) => url.replace(/\.json(?=\?|$)/, `.${format}`);
  const marked = (href) => href + (href.includes("?") ? "&" : "?") + "bom=true";  // Excel knows UTF-8 by its mark
  const counts = url && !new URLSearchParams(url.split("?")[1] ?? "").has("indicator");  // a chart of the register
  const files = url ? [
    { href: counts ? file("csv") : marked(file("csv")), label: counted(text.csv, about.rows ?? 0, lang) },
    ...(counts ? [] : [{ href: file("xlsx"), label: counted(text.xlsx, about.rows ?? 0, lang) }]),
    { href: file("svg"), label: text.svg },
    { href: file("png"), label: text.png },
  ] : [];
  return (
    <figure className="chart" data-status={status} aria-busy={busy}>
      <header className="chart-head">
        <Heading className="chart-title">{about.title ?? heading}</Heading>
        <p className="chart-subtitle">{about.subtitle ?? subtitle}</p>
      </header>
      {children}
      <Slow busy={busy} asked={`${url} ${attempt}`} text={text} onRetry={() => setAttempt((n) => n + 1)} />
      <div className="chart-stage" style={{ minHeight: chart.current ? undefined : height }}>
        {status === "loading" && <div className="skeleton" role="status"><span>{text.loading}</span></div>}
        {status === "error" && (
          <div className="trouble" role="alert">
            <p>{text.error}</p>
            <button type="button" onClick={() => setAttempt((n) => n + 1)}>{text.retry}</button>
          </div>
        )}
        {/* One picture with one sentence; its points are in the table, where the keyboard reaches them. */}
        <div role="img" aria-label={about.sentence ?? heading} hidden={status === "error"}>
          <div ref={box} className="chart-box" dir="ltr" aria-hidden="true" />
        </div>
      </div>
      <figcaption className="chart-sentence" aria-live="polite">{about.sentence ?? ""}</figcaption>
      {about.note && <p className="note chart-note">{about.note}</p>}
      {url && (
        <ul className="actions">
          {files.map(({ href, label }, place) => <li key={place}><a href={href} download>{label}</a></li>)}
          <li><CopyLink label={text.copy} done={text.copied} className="link" /></li>
          {!counts && <li><ShareDialog url={url} lang={lang} about={about} files={files} text={text.share} /></li>}
        </ul>
      )}
    </figure>
  );
}
