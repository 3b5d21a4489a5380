// Search in the header: a combobox (WAI-ARIA APG, list autocomplete with manual selection) whose list the API answers.
// Nothing is chosen for the reader: Enter without a choice leads to the page of results.
import { useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useLocation, useNavigate } from "react-router";
import { withKept } from "./browser.jsx";

const PAUSE = 120; // milliseconds without a key before it is asked
const PER_GROUP = 4;

const writing = (node) => node?.closest?.("input, textarea, select, [contenteditable=true], dialog[open]");
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// What the API says of ``typed``: {view}, {failed: true}, or null while it is being asked.
function useAnswer(typed, lang) {
  const [answer, setAnswer] = useState(null);
  const { search } = useLocation();
  useEffect(() => {
    setAnswer(null);
    if (!typed) return;
    const abort = new AbortController();
    const asked = new URLSearchParams({ q: typed, lang, limit: PER_GROUP });
    const day = new URLSearchParams(search).get("as_of");
    if (day) asked.set("as_of", day);
    const wait = setTimeout(async () => {
      try {
        const reply = await fetch(`/api/v1/search?${asked}`, { signal: abort.signal });
        if (!reply.ok) throw new Error(reply.status);
        setAnswer({ view: await reply.json() });
      } catch {
        if (!abort.signal.aborted) setAnswer({ failed: true });
      }
    }, PAUSE);
    return () => { clearTimeout(wait); abort.abort(); };
  }, [typed, lang, search]);
  return answer;
}

export function SiteSearch({ lang, text }) {
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState(false); // the panel of narrow windows
  const [listed, setListed] = useState(false);
  const [active, setActive] = useState(-1);
  const navigate = useNavigate();
  const { search, pathname } = useLocation();
  const id = useId();
  const box = useRef(null), field = useRef(null), opener = useRef(null);
  const sought = typed.trim();
  const answer = useAnswer(sought, lang);
  const view = answer?.view;
  const groups = [...(view?.groups ?? [])];
  if (view?.near.length) groups.push({ id: "near", label: view.near_label, hits: view.near, total: view.near.length });
  const hits = groups.flatMap((group) => group.hits);
  const results = `/${lang}/search/?${new URLSearchParams({ q: sought })}`;
  const targets = hits.length ? [...hits.map((hit) => hit.href), results] : [];
  const open = listed && sought !== "";

  const close = () => { setListed(false); setActive(-1); };
  const leave = () => { close(); setShown(false); };
  const go = (to) => { leave(); setTyped(""); navigate(withKept(to, search)); };
  // At once, not after the next rendering: what is typed right behind the "/" belongs to the field.
  const find = () => { flushSync(() => setShown(true)); field.current.focus(); field.current.select(); };
  useEffect(() => { leave(); }, [pathname]);
  useEffect(() => {
    const onKey = (event) => {
      const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      if (!command && (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writing(event.target))) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      find();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => { setActive(-1); }, [view]);
  const move = (to) => {
    if (!targets.length) return;
    const next = (to + targets.length) % targets.length;
    setListed(true); setActive(next);
    document.getElementById(`${id}${next}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event) => {
    const keys = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active < 0 ? targets.length - 1 : active - 1),
      Escape: () => {
        if (open) return close();
        flushSync(() => { setTyped(""); setShown(false); });
        if (shown && opener.current.offsetParent) opener.current.focus();
      },
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  };
  const submit = (event) => {
    event.preventDefault();
    if (open && active >= 0) go(targets[active]);
    else if (sought) go(results);
  };

  let place = -1;
  const option = (hit) => {
    const at = ++place;
    return (
      <div key={`${hit.kind}${hit.id}`} id={`${id}${at}`} role="option" aria-selected={at === active}
           onMouseDown={(event) => event.preventDefault()} onClick={() => go(hit.href)}>
        <span>{hit.title}</span>
        <small>{[hit.kind_text, hit.found_by].filter(Boolean).join(" · ")}</small>
        {hit.figures && <small className={hit.has_figures ? undefined : "absent"}>{hit.figures}</small>}
      </div>
    );
  };
  const words = answer?.failed ? text.failed : view ? view.text : text.loading;
  return (
    <div className="find" ref={box} data-shown={shown} role="search"
         onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}>
      <button type="button" className="find-open" ref={opener} aria-expanded={shown} aria-controls={`${id}form`}
              aria-keyshortcuts="/ Control+K" onClick={() => (shown ? leave() : find())}>{text.label}</button>
      <form id={`${id}form`} className="find-form" action={`/${lang}/search/`} onSubmit={submit}>
        <label htmlFor={`${id}field`}>{text.label}</label>
        <input id={`${id}field`} ref={field} name="q" type="text" role="combobox" autoComplete="off" spellCheck={false}
               enterKeyHint="search" maxLength={80} placeholder={text.placeholder} value={typed}
               aria-expanded={open && targets.length > 0} aria-controls={`${id}list`} aria-autocomplete="list"
               aria-keyshortcuts="/ Control+K" aria-describedby={`${id}hint`}
               aria-activedescendant={open && active >= 0 ? `${id}${active}` : undefined}
               onChange={(event) => { setTyped(event.target.value); setListed(true); setActive(-1); }}
               onFocus={() => setListed(true)} onKeyDown={onKeyDown} />
        <kbd aria-hidden="true">/</kbd>
        <span id={`${id}hint`} hidden>{text.hint}</span>
        <div className="find-panel" hidden={!open}>
          <p className="note">{words} {answer?.failed && <a href={results}>{filled(text.all, { query: sought })}</a>}</p>
          <div id={`${id}list`} role="listbox" aria-label={text.label} hidden={!targets.length}>
            {groups.map((group) => (
              <div key={group.id} role="group" aria-labelledby={`${id}of${group.id}`}>
                <div id={`${id}of${group.id}`} role="presentation" className="find-group">
                  {group.label}
                  {group.total > group.hits.length &&
                    <small> {filled(text.more, { shown: group.hits.length, total: group.total })}</small>}
                </div>
                {group.hits.map((hit) => option(hit))}
              </div>
            ))}
            {targets.length > 0 && (
              <div id={`${id}${hits.length}`} role="option" aria-selected={active === hits.length} className="find-all"
                   onMouseDown={(event) => event.preventDefault()} onClick={() => go(results)}>
                {filled(text.all, { query: sought })}
              </div>
            )}
          </div>
        </div>
      </form>
      <span role="status" className="sr-only">{open && answer ? [words, view?.near_label].filter(Boolean).join(" ") : ""}</span>
    </div>
  );
}
