// What only the browser can do: links that keep the reader's selection, language of the document, dialog, clipboard.
import { useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import { Link, useLocation, useNavigate } from "react-router";

// Parameters of the address that go with the reader from page to page.
const KEPT = ["country", "from", "to", "rule", "as_of"];

// The query of the address; "" while a page that was built without one is being hydrated, so that both agree.
const never = () => () => {};
export function useSearch() {
  const { search } = useLocation();
  return useSyncExternalStore(never, () => search, () => (globalThis.document?.getElementById("answer") === null ? "" : search));
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

// ``section``: a link of the menu, marked when the reader is on its page ("page"), below it or on one of ``also`` ("true").
export function PageLink({ to, section, also, children, ...rest }) {
  const search = useSearch();
  const { pathname } = useLocation();
  const path = to.split(/[?#]/)[0];
  const below = section && [path, ...(also ?? [])].some((one) => one.split("/").length > 3 && pathname.startsWith(one));
  const current = section && pathname === path ? "page" : below ? "true" : undefined;
  return <Link to={withKept(to, search)} aria-current={current} reloadDocument={!/^\/[a-z]{2}\//.test(to)} discover="none" {...rest}>{children}</Link>;
}

export function LanguageLink({ to, children, ...rest }) {
  const search = useSearch();
  const { pathname } = useLocation();
  const path = pathname.replace(/^\/[a-z]{2}(?=\/|$)/, `/${to}`);
  return <Link to={path + search} hrefLang={to} lang={to} discover="none" {...rest}>{children}</Link>;
}

// Language of the document, also after navigation; drops what the server wrote in the head. A new page gets the focus.
let arrived = null;
export const isFirstPage = () => arrived === null;
export function DocumentLanguage({ lang, dir }) {
  const { pathname } = useLocation();
  useEffect(() => {
    Object.assign(document.documentElement, { lang, dir });
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

// Shows its children only when the state holds the answer for this very page, its shape until then; says what is awaited.
export function OnlyFor({ holds, query, pending, children }) {
  const { pathname, search } = useLocation();
  useEffect(() => document.getElementById("main").setAttribute("aria-busy", holds + query !== pathname + search));
  return holds === pathname ? children : pending;
}

// One page for all languages: the text of the language in the address, English where it names none of ours.
export function InLanguage({ lang, dir, title, others, children }) {
  const { pathname } = useLocation();
  const asked = (pathname.match(/^\/([a-z]{2})(?=\/|$)/) ?? [])[1] ?? "";
  const shown = asked === lang || (lang === "en" && !others.includes(asked));
  useEffect(() => {
    if (shown) document.title = title;
  }, [shown]);
  return shown && <div lang={lang} dir={dir}><DocumentLanguage lang={lang} dir={dir} />{children}</div>;
}

// Paths of this site inside a text, as whole addresses: where the operator names none, the browser knows where it reads.
const withOrigin = (text, origin = window.location.origin) => text.replace(/(^|[\s{\u2066])(?=\/(?:[a-z]{2}|api)\/)/g, (before) => before + origin);

// A reference. Code reads from left to right, each value of it in its own direction.
export function Cited({ words, code }) {
  const origin = useSyncExternalStore(never, () => window.location.origin, () => "");
  const parts = withOrigin(words ?? "", origin).split(code ? /(?<== \{)(.*)(?=\},?$)/m : undefined);
  const text = parts.map((part, at) => (at % 2 ? <bdi key={at}>{part}</bdi> : part));
  return <p className={code ? "code" : undefined} dir={code ? "ltr" : undefined}>{text}</p>;
}

export function CopyLink({ label, done, address, words, ...rest }) {
  const [copied, setCopied] = useState(false);
  const field = useRef(null);
  const copy = async () => {
    const text = (words && withOrigin(words)) || (address ? new URL(address, window.location.href).href : window.location.href);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      Object.assign(field.current, { hidden: false, value: text }); // no clipboard here: selected for the reader to copy
      return field.current.select();
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

// The browser's own modal dialog: focus stays inside, Escape closes, focus returns to where it was. Closed by the reader, one
// that the address opens leads ``to`` the view without it.
export function Dialog({ open, label, closeText, to, onClose, children, ...rest }) {
  const navigate = useNavigate();
  const box = useRef(null);
  const heading = useId();
  useEffect(() => {
    const dialog = box.current;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={box} aria-labelledby={heading} onClose={() => open && (to ? navigate(to, { preventScrollReset: true }) : onClose?.())}
            onClick={(event) => event.target === box.current && box.current.close()} {...rest}>
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={heading}>{label}</h2>
          <button type="button" className="plain" onClick={() => box.current.close()}>{closeText}</button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

// Brings the part of the page that the address names (#claims, #AZE-01) into sight and marks it, also when it came
// after the page was opened; the fold around a marked part, and those in a marked row, are opened.
export function AtAnchor() {
  const { hash } = useLocation();
  useEffect(() => {
    document.querySelectorAll("[data-here]").forEach((place) => place.removeAttribute("data-here"));
    const place = hash.length > 1 && document.getElementById(hash.slice(1));  // our ids hold nothing to be decoded
    if (!place) return;
    place.setAttribute("data-here", "");
    place.closest("details")?.setAttribute("open", "");
    if (place.tagName === "TR") place.querySelectorAll("details").forEach((one) => { one.open = true; });
    place.scrollIntoView();
  }, [hash]);
  return null;
}
