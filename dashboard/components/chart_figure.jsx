// One chart from one address. Where drawing it takes a while, the server's own image of it stands in its place.
import { useContext, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ColorModeContext } from "$/utils/context";
import { CopyLink, withKept } from "./browser.jsx";
import { Drawing, answer, compiled, pageTheme } from "./drawing.js";

const SLOW = 600, PATIENCE = 5000;  // milliseconds until the image stands in, and until the reader is asked

// A click on a mark that is one country in one year, whatever the kind of chart: its figure is asked for. A chart of a
// country's own series asks for the figure of that series. A mark that names an address leads there, without a jump.
function picked(item, { url, onSelect, navigate }) {
  const row = item?.datum?.datum ?? item?.datum;
  if (row?.to) return navigate(withKept(row.to, window.location.search), { preventScrollReset: true });
  if (!row?.country || !row?.year || item.mark?.marktype === "line") return;
  const asked = new URL(url, window.location.origin).searchParams;
  const [indicator, series] = [asked.get("indicator"), asked.get("series") ?? ""];
  onSelect?.(JSON.stringify({ indicator, country: row.country, year: row.year, series }));
}

export function ChartFigure({ url, files, height, level: Heading = "h2", heading, subtitle, text, onSelect, onShare, children }) {
  useContext(ColorModeContext);  // drawn anew when the reader changes the colours
  const theme = url && typeof document !== "undefined" ? pageTheme() : "";
  const calls = useRef({});
  calls.current = { url, onSelect, navigate: useNavigate() };
  const [drawing] = useState(() => new Drawing((item) => picked(item, calls.current)));
  const [status, setStatus] = useState("loading");
  const [about, setAbout] = useState({});
  const [attempt, setAttempt] = useState(0);
  const [waited, setWaited] = useState(0);
  const again = () => setAttempt((n) => n + 1);
  const [written] = useState(() => globalThis.document?.querySelector(".first-picture img")?.currentSrc ?? "");
  const still = `${files.svg}&theme=${theme}`;

  useEffect(() => {
    if (!url) return undefined;
    const abort = new AbortController();
    setStatus(drawing.view ? "updating" : "loading");
    setWaited(0);
    const waits = [SLOW, PATIENCE].map((wait) => setTimeout(() => setWaited(wait), wait));
    (async () => {
      try {
        const reply = await answer(compiled(url, theme), abort.signal);
        if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
        const spec = await reply.json();
        await drawing.show(spec, abort.signal);
        if (abort.signal.aborted) return;
        setAbout(spec.usermeta);
        setStatus("ready");
      } catch {
        if (!abort.signal.aborted) setStatus("error");
      }
      waits.forEach(clearTimeout);
    })();
    return () => { abort.abort(); waits.forEach(clearTimeout); };
  }, [url, theme, attempt]);

  useEffect(() => {                                        // follows its container, not only the window
    const seen = new ResizeObserver(([entry]) => drawing.fit(Math.floor(entry.contentRect.width)));
    seen.observe(drawing.place);
    return () => { seen.disconnect(); drawing.clear(); };
  }, []);

  const busy = status === "loading" || status === "updating";
  const image = status === "loading" && (waited >= SLOW || written.endsWith(still));  // what stands there stays
  return (
    <figure className="chart" data-status={status} aria-busy={busy}>
      <header className="chart-head">
        {(about.title ?? heading) && <Heading className="chart-title">{about.title ?? heading}</Heading>}
        <p className="chart-subtitle">{about.subtitle ?? subtitle}</p>
      </header>
      {children}
      <div className="chart-stage" style={{ minHeight: drawing.view ? undefined : height }}>
        {status === "loading" && !image && <div className="skeleton" role="status"><span>{text.loading}</span></div>}
        {image && <img className="chart-image" src={still} alt={heading} loading="lazy" />}
        {status === "error" && (
          <div className="trouble" role="alert"><p>{text.error}</p><button type="button" onClick={again}>{text.retry}</button></div>
        )}
        {/* One picture with one sentence, which the arrow keys walk through; its points are in the table too. */}
        <div role="img" tabIndex={0} aria-label={about.sentence ?? heading} hidden={status === "error"}
             onKeyDown={(event) => drawing.key(event)}>
          <div ref={(place) => { drawing.place = place; }} className="chart-box" dir="ltr" aria-hidden="true"
               onPointerUp={() => drawing.zoom()} onDoubleClick={() => drawing.zoom(true)}
               onClick={(event) => drawing.press(event)} />
        </div>
      </div>
      <div role="status">
        {busy && waited >= PATIENCE && (
          <div className="trouble"><p>{text.slow}</p><button type="button" onClick={again}>{text.retry}</button></div>
        )}
      </div>
      <figcaption className="chart-sentence" aria-live="polite">{about.sentence ?? ""}</figcaption>
      {about.note && <p className="note chart-note">{about.note}</p>}
      {url && (
        <ul className="actions">
          {Object.entries(files).filter(([, href]) => href).map(([form, href]) => (
            <li key={form}><a href={href} download>{about[`${form}_text`] ?? text[form] ?? form.toUpperCase()}</a></li>
          ))}
          <li><CopyLink label={text.copy} done={text.copied} className="link" /></li>
          {onShare && <li><button type="button" onClick={() => onShare(url)} aria-haspopup="dialog">{text.share}</button></li>}
        </ul>
      )}
    </figure>
  );
}
