// One chart: its title, the drawing, the sentence of what it shows, and its downloads, all from one specification that
// is fetched by address.
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ColorModeContext } from "$/utils/context";
import { CopyLink } from "./browser.jsx";
import { Stage } from "./chart_stage.js";
import { ShareDialog } from "./share_dialog.jsx";
import { FRESH, address, idle, isOvertaken, onPage, shown as told, specification } from "./chart_specs.js";
import { drawAhead, drawnAhead, drop, finished, isDrawnAhead } from "./drawing.js";

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
  const calls = useRef({});
  calls.current = { url, show, guessed, onSelect, onFail };
  const [stage] = useState(() => new Stage((item) => picked(item, calls.current)));
  const [begun] = useState(() => finished(href));  // drawn before the figure was there: it begins with it
  const [status, setStatus] = useState(begun ? "ready" : "loading");
  const [about, setAbout] = useState(begun?.spec.usermeta ?? {});
  const [attempt, setAttempt] = useState(0);

  useLayoutEffect(() => {
    if (begun) stage.begin(href, begun);
  }, []);

  useEffect(() => {
    if (!href) return undefined;
    const prepare = (next, coming) => stage.place && drawAhead(next, coming, stage.place.clientWidth);
    const gone = onPage({ href, show: (next) => calls.current.show(next), prepare, prepared: isDrawnAhead });
    const abort = new AbortController();
    (async () => {
      try {
        if (stage.href !== href) {
          setStatus((s) => (s === "ready" || s === "updating" ? "updating" : "loading"));
          const ahead = await drawnAhead(href);
          if (abort.signal.aborted) { drop(ahead); return; }
          const spec = ahead?.spec ?? await specification(href, abort.signal);
          if (abort.signal.aborted) return;
          await stage.show(spec, ahead, abort.signal);
          if (abort.signal.aborted) return;
          stage.href = href;
        }
        told(href, stage.spec);
        setAbout(stage.spec.usermeta);
        setStatus("ready");
        idle().then(() => !abort.signal.aborted && stage.prepare());
        if (await isOvertaken(href, stage.spec, abort.signal) && !abort.signal.aborted) {
          stage.href = "";
          setAttempt((n) => n + 1);
        }
      } catch (error) {
        if (abort.signal.aborted) return;
        if (calls.current.guessed) { calls.current.show(null); return; }  // the server's word stands
        stage.href = "";
        setStatus("error");
        calls.current.onFail?.(String(error));
      }
    })();
    return () => { gone(); abort.abort(); };
  }, [href, attempt]);

  useEffect(() => {                                        // follows its container, not only the window
    const seen = new ResizeObserver(([entry]) => stage.fit(Math.floor(entry.contentRect.width)));
    seen.observe(stage.place);
    return () => { seen.disconnect(); stage.clear(); };
  }, []);

  const Heading = level ?? "h2";
  const busy = status === "loading" || status === "updating";
  const file = (format) => url.replace(/\.json(?=\?|$)/, `.${format}`);
  const marked = (href) => href + (href.includes("?") ? "&" : "?") + "bom=true";  // Excel knows UTF-8 by its mark
  const counts = url && !new URLSearchParams(url.split("?")[1] ?? "").has("indicator");  // a chart of the register
  const files = url ? [
    { href: counts ? file("csv") : marked(file("csv")), label: about.csv_text ?? "CSV" },
    ...(counts ? [] : [{ href: file("xlsx"), label: about.xlsx_text ?? "XLSX" }]),
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
      <div className="chart-stage" style={{ minHeight: begun || stage.chart ? undefined : height }}>
        {status === "loading" && <div className="skeleton" role="status"><span>{text.loading}</span></div>}
        {status === "error" && (
          <div className="trouble" role="alert">
            <p>{text.error}</p>
            <button type="button" onClick={() => setAttempt((n) => n + 1)}>{text.retry}</button>
          </div>
        )}
        {/* One picture with one sentence; its points are in the table, where the keyboard reaches them. */}
        <div role="img" aria-label={about.sentence ?? heading} hidden={status === "error"}>
          <div ref={(place) => { stage.place = place; }} className="chart-box" dir="ltr" aria-hidden="true"
               onPointerMove={(event) => stage.point(event)} onPointerLeave={() => stage.leave()}
               onClick={(event) => stage.press(event)} />
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
