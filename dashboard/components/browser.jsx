// What only the browser can do: links that keep the reader's selection, language and direction of the document,
// theme, dialog, clipboard, the state of the connection. Everything else is written in Python.
import { useContext, useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import { Link, useLocation } from "react-router";
import { ColorModeContext, DispatchContext, EventLoopContext, initialState } from "$/utils/context";
import { askAhead, hearing, inTurn, offer, showAhead } from "./chart_specs.js";

// Parameters of the address that go with the reader from page to page.
const KEPT = ["country", "from", "to", "rule", "as_of"];

// The query of the address; "" while the prerendered page is being hydrated, so that both agree.
const never = () => () => {};
export function useSearch() {
  const { search } = useLocation();
  return useSyncExternalStore(never, () => search, () => "");
}

// The address ``to`` with those of the parameters above that it does not say itself.
export function withKept(to, search) {
  const [address, hash = ""] = to.split("#");
  const [path, query = ""] = address.split("?");
  const own = new URLSearchParams(query);
  const now = new URLSearchParams(search);
  for (const key of KEPT) if (now.has(key) && !own.has(key)) own.set(key, now.get(key));
  const text = own.toString().replaceAll("%2C", ",");
  return path + (text ? `?${text}` : "") + (hash ? `#${hash}` : "");
}

// ``section``: a link of the menu, marked when the reader is on its page ("page") or below it ("true").
export function PageLink({ to, section, children, ...rest }) {
  const search = useSearch();
  const { pathname } = useLocation();
  const path = to.split(/[?#]/)[0];
  const below = section && path.split("/").length > 3 && pathname.startsWith(path);
  const current = section && pathname === path ? "page" : below ? "true" : undefined;
  return <Link to={withKept(to, search)} aria-current={current} discover="none" {...rest}>{children}</Link>;
}

// The first stop of the keyboard: past the menu.
export function SkipLink({ to, children }) {
  const skip = (event) => {
    event.preventDefault();
    document.getElementById(to)?.focus();
  };
  return <a href={`#${to}`} className="skip" onClick={skip}>{children}</a>;
}

export function LanguageLink({ to, children, ...rest }) {
  const search = useSearch();
  const { pathname } = useLocation();
  const path = pathname.replace(/^\/[a-z]{2}(?=\/|$)/, `/${to}`);
  return <Link to={path + search} hrefLang={to} lang={to} discover="none" {...rest}>{children}</Link>;
}

// Language and direction of the document, also after navigation without a reload; drops the head the server wrote for
// the first page. A new page is announced by moving the focus to its heading, as a full load would.
let arrived = null;
export function DocumentLanguage({ lang, dir }) {
  const { pathname } = useLocation();
  useEffect(() => {
    document.documentElement.lang = lang;
    document.documentElement.dir = dir;
    document.head.querySelectorAll("[data-shell]").forEach((node) => node.remove());
  }, [lang, dir]);
  useEffect(() => {
    if (arrived !== null && arrived !== pathname) {
      document.getElementById("main")?.focus({ preventScroll: true });
      document.head.querySelectorAll("[data-page]").forEach((node) => node.remove()); // said of the page before
    }
    arrived = pathname;
  }, [pathname]);
  return null;
}

// A shell holds nothing of its page that React would compare with its own: the page begins with its answer, where that has
// come by now.
if (typeof window !== "undefined" && window.__reactRouterContext?.isSpaMode) {
  const answer = window.firstAnswer?.answer ?? {};
  for (const [name, vars] of Object.entries(answer)) Object.assign(initialState[name] ?? {}, vars);
}

// The answer of the page that was opened, asked for by its head: shown unless the websocket was sooner or the reader has
// gone on. What the websocket then says is the same, and draws nothing anew.
export function FirstAnswer({ holds }) {
  const states = useContext(DispatchContext);  // name of a state → takes its changed vars
  const held = useRef(holds);
  held.current = holds;
  useEffect(() => {
    const { at, said } = window.firstAnswer ?? {};
    window.firstAnswer = undefined;
    said?.then((answer) => {
      if (!answer || held.current || at !== window.location.pathname + window.location.search) return;
      for (const [name, vars] of Object.entries(answer)) states[name]?.(vars);
    });
  }, []);
  return null;
}

// Says that the websocket has answered: the server hears what the reader does from now on.
export function Arrived() {
  useEffect(hearing, []);
  return <span id="hydrated" hidden />;
}

// Shows its children only when the state holds the answer for this very address, and the shape of it until then.
export function OnlyFor({ holds, pending, children }) {
  const { pathname } = useLocation();
  return holds === pathname ? children : pending;
}

// One page for all languages: the text of the language in the address, English where it names none of ours.
export function InLanguage({ lang, dir, title, fallback, children }) {
  const { pathname } = useLocation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const asked = (pathname.match(/^\/([a-z]{2})(?=\/|$)/) ?? [])[1] ?? "";
    const mine = asked === lang || (fallback && !document.querySelector(`[data-lang="${asked}"]`));
    setShown(mine);
    if (!mine) return;
    Object.assign(document.documentElement, { lang, dir });
    document.head.querySelectorAll("[data-shell]").forEach((node) => node.remove());
    document.title = title;
  }, [pathname]);
  return <div data-lang={lang} lang={lang} dir={dir} hidden={!shown}>{children}</div>;
}

export function ThemeToggle({ toDark, toLight, ...rest }) {
  const { toggleColorMode } = useContext(ColorModeContext);
  return (
    <button type="button" onClick={toggleColorMode} {...rest}>
      <span className="when-light">{toDark}</span>
      <span className="when-dark">{toLight}</span>
    </button>
  );
}

// Copies the address of the page, another ``address``, or ``words`` as they stand.
// Paths of this site inside a text, as whole addresses: where the operator names none, the browser knows where it reads.
const withOrigin = (text) =>
  typeof window === "undefined" ? text
    : text.replace(/(^|[\s{\u2066])(?=\/(?:[a-z]{2}|api)\/)/g, (before) => before + window.location.origin);

// A reference as it can be found again. Code reads from left to right, each value of it in its own direction, and what
// is Latin in a value in one piece.
const LATIN = /([A-Za-z0-9](?:[\x20-\x7e]*[A-Za-z0-9])?)/;
export function Cited({ words, code }) {
  const text = withOrigin(words ?? "");
  if (!code) return <p>{text}</p>;
  const lines = text.split("\n").map((line) => line.match(/^(\s+\w+ = \{)(.*)(\},?)$/) ?? [line, line]);
  return (
    <p className="code" dir="ltr">
      {lines.map(([, before, value, after], place) => (
        <span key={place}>{before}{value && <bdi>{value.split(LATIN).map((part, n) => (n % 2 ? <bdi key={n} dir="ltr">{part}</bdi> : part))}</bdi>}{after}{"\n"}</span>
      ))}
    </p>
  );
}

export function CopyLink({ label, done, address, words, ...rest }) {
  const [copied, setCopied] = useState(false);
  const field = useRef(null);
  const copy = async () => {
    const text = (words && withOrigin(words)) || (address ? new URL(address, window.location.href).href : window.location.href);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      field.current.hidden = false; // no clipboard here: the address is selected for the reader to copy
      field.current.value = text;
      field.current.select();
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 4000);
  };
  return (
    <>
      <button type="button" onClick={copy} {...rest}>{label}</button>
      <input ref={field} hidden readOnly aria-label={label} />
      <span role="status" className="said">{copied ? done : ""}</span>
    </>
  );
}

// The browser's own modal dialog: focus stays inside, Escape closes, focus returns to where it was.
export function Dialog({ open, label, closeText, onClose, children, ...rest }) {
  const box = useRef(null);
  const heading = useId();
  useEffect(() => {
    const dialog = box.current;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={box} aria-labelledby={heading} onClose={() => open && onClose?.()}
            onClick={(event) => event.target === box.current && box.current.close()} {...rest}>
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading}>{label}</h2>
          <button type="button" className="plain" onClick={() => box.current.close()}>{closeText}</button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

// Tabs that are addresses: a click is an event for the server, a middle click or a copied link is the same view.
export function ViewTabs({ name, items, chosen, label, onPick }) {
  const { pathname } = useLocation();
  const search = useSearch();
  const href = (id) => {
    const query = new URLSearchParams(search);
    query.set(name, id);
    return `${pathname}?${query.toString().replaceAll("%2C", ",")}`;
  };
  const drawn = (kind) => kind && kind !== "table";
  const kinds = (items ?? []).map(({ id, kind = id }) => kind).filter(drawn);
  useEffect(() => offer(kinds), [kinds.join()]);
  return (
    <nav className="tabs" aria-label={label}>
      <ul>
        {(items ?? []).map(({ id, label: text, kind = id }) => (
          <li key={id}>
            <a href={href(id)} aria-current={id === chosen ? "true" : undefined}
               onPointerEnter={() => drawn(kind) && askAhead({ kind })} onFocus={() => drawn(kind) && askAhead({ kind })}
               onClick={(event) => {
                 if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                 event.preventDefault();
                 (drawn(kind) ? showAhead({ kind }) : inTurn()).then(() => onPick?.(id));
               }}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

// What a shell shows until its script runs, and to readers without script. The server writes it in place of the comment.
export function ShellText() {
  return <div id="shell" suppressHydrationWarning dangerouslySetInnerHTML={{ __html: "<!--shell-->" }} />;
}

// Said when the server cannot be reached, or has not answered the page for a while; the page keeps what it shows.
export function ConnectionNotice({ arrived, text, retryText }) {
  const [, errors] = useContext(EventLoopContext) ?? [null, []];
  const [lost, setLost] = useState(false);
  const patience = errors?.length ? 1500 : arrived ? 0 : 6000;  // milliseconds
  useEffect(() => {
    if (!patience) return setLost(false);
    const wait = setTimeout(() => setLost(true), patience);
    return () => clearTimeout(wait);
  }, [patience]);
  return (
    <div role="alert" className="connection">
      {lost && <p>{text} <button type="button" onClick={() => window.location.reload()}>{retryText}</button></p>}
    </div>
  );
}

// Prints the page. Whatever is folded and belongs to the print is opened for it, and folded again afterwards.
export function PrintPage({ label, ...rest }) {
  const print = () => {
    const folded = [...document.querySelectorAll("details[data-print]:not([open])")];
    folded.forEach((one) => { one.open = true; });
    window.print();
    folded.forEach((one) => { one.open = false; });
  };
  return <button type="button" onClick={print} {...rest}>{label}</button>;
}

// Brings the part of the page that the address names (#claims, #AZE-01) into sight and marks it, also when it came
// after the page was opened; details inside a marked part are opened.
export function AtAnchor() {
  const { hash } = useLocation();
  useEffect(() => {
    document.querySelectorAll("[data-here]").forEach((place) => place.removeAttribute("data-here"));
    const place = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!place) return;
    place.setAttribute("data-here", "");
    if (place.tagName === "TR") place.querySelectorAll("details").forEach((one) => { one.open = true; });
    place.scrollIntoView();
  }, [hash]);
  return null;
}
