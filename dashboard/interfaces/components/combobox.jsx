// The one combobox (WAI-ARIA APG, list autocomplete, manual selection): countries to add, and the search of the header.
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useLocation, useNavigate } from "react-router";
import { withKept } from "./browser.jsx";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Keys and properties of a field with ``count`` options: ``choose`` gets the place of one; ``first``: typing marks the first.
function useList({ count, choose, type, leave, first = false }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const close = () => { setOpen(false); setActive(-1); };
  const mark = (place) => {
    if (count) { setOpen(true); setActive((place + count) % count); }
  };
  useEffect(() => { if (active >= 0) document.getElementById(`${id}${active}`)?.scrollIntoView({ block: "nearest" }); }, [active]);
  const listed = open && active >= 0 && active < count;
  const onKeyDown = (event) => {
    const act = {
      ArrowDown: () => mark(open ? active + 1 : 0),
      ArrowUp: () => mark(listed ? active - 1 : count - 1),
      Enter: open && (listed || (first && count === 1)) && (() => choose(Math.max(active, 0))),
      Escape: () => (open ? close() : leave()),
    }[event.key];
    if (event.key === "Tab") close();
    if (act) { event.preventDefault(); act(); }
  };
  const field = {
    id: `${id}field`, type: "text", role: "combobox", autoComplete: "off", spellCheck: false,
    "aria-expanded": open && count > 0, "aria-controls": `${id}list`, "aria-autocomplete": "list",
    "aria-activedescendant": listed ? `${id}${active}` : undefined,
    onChange: (event) => { type(event.target.value); setOpen(true); setActive(first && event.target.value ? 0 : -1); },
    onKeyDown,
  };
  const option = (place) => ({
    id: `${id}${place}`, role: "option", "aria-selected": place === active,
    onMouseDown: (event) => event.preventDefault(), onClick: () => choose(place),
  });
  const onBlur = (event) => !event.currentTarget.contains(event.relatedTarget) && close();
  return { id, open, close, show: () => setOpen(true), field, option, onBlur };
}

// Adds one of ``options`` to the form around it, under ``name``.
export function Picker({ name, options, chosen, most, text, charts }) {
  const [typed, setTyped] = useState("");
  const field = useRef(null), sent = useRef(null);
  const picked = chosen ?? [];
  const full = picked.length >= most;
  const found = useMemo(() => {
    const sought = plain(typed.trim());
    const taken = new Set(picked.map(({ id }) => id));
    const first = ({ id, label }) => plain(label).startsWith(sought) || id.toLowerCase() === sought;
    const fits = (options ?? []).filter((one) => !taken.has(one.id) && (first(one) || plain(one.label).includes(sought)));
    return fits.sort((one, other) => first(other) - first(one));
  }, [typed, options, picked]);
  const choose = (place) => {
    sent.current.value = found[place].id;
    sent.current.form.requestSubmit();
    sent.current.value = "";
    setTyped("");
    list.close();
  };
  const list = useList({ count: full ? 0 : found.length, choose, type: setTyped, leave: () => setTyped(""), first: true });
  const focused = globalThis.document?.activeElement;  // before the chips are drawn anew
  useEffect(() => {  // the chip that had the focus is gone
    if (focused?.matches(".chip") && !focused.isConnected) field.current.focus({ preventScroll: true });
  }, [picked.length]);
  const onEnter = (event) => event.key === "Enter" && !event.defaultPrevented && event.preventDefault();  // words are no choice
  return (
    <div className="combo" onBlur={list.onBlur} onKeyDown={onEnter}>
      <label htmlFor={list.field.id}>{text.add}</label>
      <input {...list.field} ref={field} value={typed} readOnly={full} aria-disabled={full} placeholder={full ? "" : text.placeholder}
             aria-describedby={`${list.id}note`} onClick={list.show} />
      <input type="hidden" ref={sent} name={name} defaultValue="" />
      <ul id={`${list.id}list`} role="listbox" aria-label={text.add} hidden={!list.open || full} tabIndex={-1}>
        {list.open && found.map((one, place) => (
          <li key={one.id} {...list.option(place)} data-chart={charts?.replaceAll("%7Bid%7D", one.id)}>{one.label}{one.note && <small>{one.note}</small>}</li>
        ))}
        {list.open && found.length === 0 && <li role="option" aria-selected="false" aria-disabled="true">{text.none}</li>}
      </ul>
      <p id={`${list.id}note`} className="note">{full ? text.full : ""}</p>
    </div>
  );
}

const PAUSE = 120;  // milliseconds without a key before it is asked

// What the API says of ``typed``: {view}, {failed: true}, or null while it is being asked.
function useHits(typed, lang, day) {
  const [answer, setAnswer] = useState(null);
  useEffect(() => {
    setAnswer(null);
    if (!typed) return undefined;
    const abort = new AbortController();
    const asked = new URLSearchParams({ q: typed, lang, limit: 4, ...(day && { as_of: day }) });
    const wait = setTimeout(() => {
      fetch(`/api/v1/search?${asked}`, { signal: abort.signal })
        .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(reply.status))))
        .then((view) => setAnswer({ view }))
        .catch(() => abort.signal.aborted || setAnswer({ failed: true }));
    }, PAUSE);
    return () => { clearTimeout(wait); abort.abort(); };
  }, [typed, lang, day]);
  return answer;
}

// The search of the header, reached by / and Ctrl+K; Enter without a choice leads to the page of results.
export function SiteSearch({ lang, text }) {
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState(false);  // the panel of narrow windows
  const navigate = useNavigate();
  const { search, pathname } = useLocation();
  const field = useRef(null), opener = useRef(null);
  const sought = typed.trim();
  const answer = useHits(sought, lang, new URLSearchParams(search).get("as_of"));
  const view = answer?.view;
  const groups = [...(view?.groups ?? [])];
  if (view?.near.length) groups.unshift({ id: "near", label: view.near_label, hits: view.near, total: view.near.length });
  const hits = groups.flatMap((group) => group.hits);
  const results = `/${lang}/search/?${new URLSearchParams({ q: sought })}`;
  const targets = hits.length ? [...hits.map((hit) => hit.href), results] : [];
  const go = (to) => { list.close(); setShown(false); setTyped(""); (/^\/[a-z]{2}\//.test(to) ? navigate : (at) => window.location.assign(at))(withKept(to, search)); };
  const leave = () => {
    flushSync(() => { setTyped(""); setShown(false); });
    if (shown && opener.current.offsetParent) opener.current.focus();
  };
  const list = useList({ count: targets.length, choose: (place) => go(targets[place]), type: setTyped, leave });
  const open = list.open && sought !== "";
  // At once, not after the next rendering: what is typed right behind the "/" belongs to the field.
  const find = () => { flushSync(() => setShown(true)); field.current.focus(); field.current.select(); };
  useEffect(() => { list.close(); setShown(false); }, [pathname]);
  useEffect(() => {
    const onKey = (event) => {
      const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest?.("input, textarea, select, [contenteditable=true]");
      if (!(command || slash) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      find();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const submit = (event) => { event.preventDefault(); if (sought) go(`${results}&enter=1`); };  // an exact name opens its page
  const words = answer?.failed ? text.failed : view ? view.text : text.loading;
  let place = -1;
  return (
    <div className="find" data-shown={shown} role="search" onBlur={list.onBlur}>
      <button type="button" className="find-open" ref={opener} aria-expanded={shown} aria-controls={`${list.id}form`}
              aria-keyshortcuts="/ Control+K" onClick={() => (shown ? setShown(false) : find())}>{text.label}</button>
      <form id={`${list.id}form`} className="find-form" action={`/${lang}/search/`} onSubmit={submit}>
        <label htmlFor={list.field.id}>{text.label}</label>
        <input {...list.field} ref={field} name="q" enterKeyHint="search" maxLength={80} placeholder={text.placeholder}
               value={typed} aria-keyshortcuts="/ Control+K" aria-describedby={`${list.id}hint`} onFocus={list.show} />
        <kbd aria-hidden="true">/</kbd>
        <span id={`${list.id}hint`} hidden>{text.hint}</span>
        <div className="find-panel" hidden={!open}>
          <p className="note">{words} {answer?.failed && <a href={results}>{filled(text.all, { query: sought })}</a>}</p>
          <div id={`${list.id}list`} role="listbox" aria-label={text.label} hidden={!targets.length}>
            {groups.map((group) => (
              <div key={group.id} role="group" aria-labelledby={`${list.id}of${group.id}`}>
                <div id={`${list.id}of${group.id}`} role="presentation" className="find-group">
                  {group.label}
                  {group.total > group.hits.length && <small> {filled(text.more, { shown: group.hits.length, total: group.total })}</small>}
                </div>
                {group.hits.map((hit) => (
                  <div key={`${hit.kind}${hit.id}`} {...list.option(++place)}>
                    <span>{hit.title}</span>
                    <small>{[hit.kind_text, hit.found_by].filter(Boolean).join(" · ")}</small>
                    {hit.figures && <small className={hit.has_figures ? undefined : "absent"}>{hit.figures}</small>}
                  </div>
                ))}
              </div>
            ))}
            {targets.length > 0 && <div {...list.option(hits.length)} className="find-all">{filled(text.all, { query: sought })}</div>}
          </div>
        </div>
      </form>
      <span role="status" className="sr-only">{open && answer ? [words, view?.near_label].filter(Boolean).join(" ") : ""}</span>
    </div>
  );
}
