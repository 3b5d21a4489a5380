// One chart from one address. Where drawing it takes a while, the server's own image stands in its place; its marks have titles.
import { useContext, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { ColorModeContext } from "$/utils/context";
import { CopyLink, isFirstPage, withKept } from "./browser.jsx";
import { Drawing, compiled, pageTheme } from "./drawing.js";

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

// What the document came with: the words of a chart by its address.
const firstCharts = () => (typeof document === "undefined" ? globalThis.pageState
  : JSON.parse(document.getElementById("answer")?.textContent ?? "{}"))?.charts ?? {};

export function ChartFigure({ url, files, height, level: Heading = "h2", heading, subtitle, text, onSelect, onShare, children }) {
  useContext(ColorModeContext);  // drawn anew when the reader changes the colours
  const theme = url && typeof document !== "undefined" ? pageTheme() : "";
  const navigate = useNavigate();
  const [status, setStatus] = useState("loading");
  const [about, setAbout] = useState(() => firstCharts()[url] ?? {});
  const [attempt, setAttempt] = useState(0);
  const [waited, setWaited] = useState(0);
  const again = () => setAttempt((n) => n + 1);
  const [drawing] = useState(() => new Drawing());
  Object.assign(drawing, { again, onPick: (item) => picked(item, { url, onSelect, navigate }) });
  const [first] = useState(isFirstPage);  // the page came with its image, which stays until the chart is drawn
  const still = `${files.svg}&theme=${theme}`;

  useEffect(() => {
    if (!url) return undefined;
    let gone = false;
    setStatus(drawing.view ? "updating" : "loading");
    setWaited(0);
    const waits = [SLOW, PATIENCE].map((wait) => setTimeout(() => setWaited(wait), wait));
    const done = (act) => (found) => { if (!gone && drawing.url === drawing.asked) { waits.forEach(clearTimeout); act(found); } };
    drawing.asked = compiled(url, theme) + (attempt ? `#${attempt}` : "");
    drawing.follow(drawing.asked).then(
      done(({ usermeta }) => { setAbout(usermeta); setStatus("ready"); }), done(() => setStatus("error")));
    return () => { gone = true; waits.forEach(clearTimeout); };
  }, [url, theme, attempt]);

  useEffect(() => {                                        // follows its container, not only the window
    const seen = new ResizeObserver(([entry]) => drawing.fit(Math.floor(entry.contentRect.width)));
    seen.observe(drawing.place);
    return () => { seen.disconnect(); drawing.clear(); };
  }, []);

  const [picture, setPicture] = useState({});  // the image in words, whose marks say themselves
  const busy = status === "loading" || status === "updating";
  const trouble = status === "error" ? text.error : busy && waited >= PATIENCE && text.slow;
  const image = url && status === "loading" && (waited >= SLOW || first);
  useEffect(() => {
    if (image) fetch(still, { cache: first ? "force-cache" : "default" }).then((reply) => reply.ok && reply.text().then((words) => setPicture({ still, words })));
  }, [image, still]);
  const link = (form) => <a href={files[form]} download>{about[`${form}_text`] ?? text[form] ?? form.toUpperCase()}</a>;
  return (
    <figure className="chart" data-status={status} aria-busy={busy}>
      <header className="chart-head">
        {(about.title ?? heading) && <Heading className="chart-title">{about.title ?? heading}</Heading>}
        <p className="chart-subtitle">{about.subtitle ?? subtitle}</p>
      </header>
      {children}
      <div className="chart-stage" style={{ minHeight: drawing.view ? undefined : height }}>
        {status === "loading" && !image && <div className="skeleton" role="status"><span>{text.loading}</span></div>}
        {image && (picture.still === still ? <div className="chart-image" role="img" aria-label={heading || text.loading} dangerouslySetInnerHTML={{ __html: picture.words }} />
          : <picture><source media="(prefers-color-scheme: dark)" srcSet={`${files.svg}&theme=dark`} />
              <img className="chart-image" src={`${files.svg}&theme=light`} alt={heading || text.loading} loading="lazy" /></picture>)}
        {/* One picture with one sentence, which the arrow keys walk through; its points are in the table too. */}
        <div role="img" tabIndex={0} aria-label={about.sentence || heading || text.loading} hidden={status === "error"}
             onKeyDown={(event) => drawing.key(event)}>
          <div ref={(place) => { drawing.place = Object.assign(place ?? {}, { drawing }); }} className="chart-box" dir="ltr" aria-hidden="true"
               onPointerUp={() => drawing.zoom()} onDoubleClick={() => drawing.zoom(true)} onClick={(event) => drawing.press(event)} />
        </div>
      </div>
      <div role="status">
        {trouble && <div className="trouble" role={status === "error" ? "alert" : undefined}><p>{trouble}</p><button type="button" onClick={again}>{text.retry}</button></div>}
      </div>
      <figcaption className="chart-sentence" aria-live="polite">{about.caption ?? ""}</figcaption>
      {about.reading && <details className="fold printed"><summary>{text.reading}</summary><p className="note">{about.reading}</p></details>}
      {about.note && <p className="note chart-note">{about.note}</p>}
      {url && (
        <ul className="actions">
          <li>{link("csv")}</li>
          {onShare && <li><button type="button" onClick={() => onShare(url)} aria-haspopup="dialog">{text.share}</button></li>}
          <li>
            <details>
              <summary>{text.more}</summary>
              <ul className="actions">
                {Object.keys(files).filter((form) => form !== "csv" && files[form]).map((form) => <li key={form}>{link(form)}</li>)}
                <li><CopyLink label={text.copy} done={text.copied} className="link" /></li>
              </ul>
            </details>
          </li>
        </ul>
      )}
    </figure>
  );
}
