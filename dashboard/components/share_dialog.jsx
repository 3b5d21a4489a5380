// "Share and reuse" of one chart: its link, a frame for other pages (live, or pinned to a day or a dataset version), citation and files.
import { useId, useState } from "react";
import { CopyLink, Dialog } from "./browser.jsx";

// What of a chart's address says what it shows; the rest says how it was asked for.
const SHOWN = ["indicator", "country", "series", "dimension", "sort", "with", "event", "unequal", "from", "to"];

// Pixels that title, drawing, sentence and source of each kind take in a column of usual width.
const TALL = { trend: 680, ranking: 860, map: 860, world: 820, distribution: 640, breakdown: 860 };

// The address of the embedded page of the chart at ``url``; ``day`` or ``version`` pins it.
export function embedAddress(url, lang, { day, version, theme }) {
  const chart = new URL(url, window.location.origin);
  const kind = chart.pathname.match(/([^/]+)\.json$/)[1];
  const frame = new URL(`/embed/${lang}/${kind}/`, window.location.origin);
  for (const name of SHOWN) if (chart.searchParams.get(name)) frame.searchParams.set(name, chart.searchParams.get(name));
  if (day) frame.searchParams.set("as_of", day);
  if (version) frame.searchParams.set("dataset", version);
  if (theme !== "auto") frame.searchParams.set("theme", theme);
  return { kind, href: frame.href.replaceAll("%2C", ",").replaceAll("%3A", ":") };
}

const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

export function ShareDialog({ url, lang, about, files, text }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} aria-haspopup="dialog">{text.open}</button>
      <Dialog open={open} label={text.title} closeText={text.close} onClose={() => setOpen(false)} className="share">
        {open && <Ways {...{ url, lang, about, files, text }} />}
      </Dialog>
    </>
  );
}

function Ways({ url, lang, about, files, text }) {
  const [pinned, setPinned] = useState("live");
  const [theme, setTheme] = useState("auto");
  const id = useId();
  const past = new URL(url, window.location.origin).searchParams.has("as_of");  // the version is of the newest figures
  const choices = ["live", "pinned", ...(past || !about.dataset ? [] : ["version"])];
  const { kind, href } = embedAddress(url, lang, {
    day: pinned === "pinned" ? about.as_of : "", version: pinned === "version" ? about.dataset : "", theme,
  });
  const code = `<iframe src="${quoted(href)}" title="${quoted(about.title ?? "")}" width="100%" height="${TALL[kind] ?? 700}"`
    + ' loading="lazy" style="border:0"></iframe>';
  const note = text[`${pinned}_note`]
    .replace("{date}", about.as_of_text ?? about.as_of ?? "").replace("{version}", about.dataset ?? "");
  return (
    <>
      <section aria-labelledby={`${id}link`}>
        <h3 id={`${id}link`}>{text.link}</h3>
        <p className="note">{text.link_note}</p>
        <ul className="actions"><li><CopyLink label={text.copy_link} done={text.copied_link} /></li></ul>
      </section>
      <section aria-labelledby={`${id}embed`}>
        <h3 id={`${id}embed`}>{text.embed}</h3>
        <p className="note">{text.embed_note}</p>
        <fieldset>
          <legend>{text.which}</legend>
          {choices.map((value) => (
            <label key={value}>
              <input type="radio" name={`${id}which`} checked={pinned === value} onChange={() => setPinned(value)} />
              {text[value]}
            </label>
          ))}
        </fieldset>
        <p className="note" aria-live="polite">{note}</p>
        <label className="field">
          <span>{text.colours}</span>
          <select value={theme} onChange={(event) => setTheme(event.target.value)}>
            {["auto", "light", "dark"].map((one) => <option key={one} value={one}>{text[one]}</option>)}
          </select>
        </label>
        <label className="field">
          <span>{text.code}</span>
          <textarea readOnly rows={4} dir="ltr" value={code} spellCheck={false} onFocus={(event) => event.target.select()} />
        </label>
        <ul className="actions"><li><CopyLink label={text.copy_code} done={text.copied_code} words={code} /></li></ul>
      </section>
      {about.citation && (
        <section aria-labelledby={`${id}cite`}>
          <h3 id={`${id}cite`}>{text.cite}</h3>
          <p className="note">{about.citation}</p>
          <ul className="actions">
            <li><CopyLink label={text.copy_citation} done={text.copied_citation} words={about.citation} /></li>
          </ul>
        </section>
      )}
      <section aria-labelledby={`${id}files`}>
        <h3 id={`${id}files`}>{text.files}</h3>
        <p className="note">{text.files_note}</p>
        <ul className="actions">
          {files.map(({ label, href: file }) => <li key={file}><a href={file} download>{label}</a></li>)}
          <li><a href={url.replace(/\.json(?=\?|$)/, ".metadata.json")}>{text.metadata}</a></li>
        </ul>
      </section>
    </>
  );
}
