// Comparisons that this browser has shown, newest first. They are kept here and nowhere else; each is a link.
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { useSearch } from "./browser.jsx";

const KEY = "monitor.compared", MOST = 6;

// Whatever else may stand under the name is no comparison of ours.
function kept() {
  try {
    const found = JSON.parse(window.localStorage.getItem(KEY));
    return found.filter((one) => typeof one.name === "string" && /^\?./.test(one.search));
  } catch {
    return [];
  }
}

function keep(list) {
  try { window.localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* a browser that keeps nothing */ }
}

const same = (one, other) => new URLSearchParams(one).toString() === new URLSearchParams(other).toString();

export function RecentComparisons({ name, at, text }) {
  const search = useSearch();
  const { pathname } = useLocation();
  const [list, setList] = useState([]);
  const mine = useRef("");  // the one being made: each change takes the place of the last
  useEffect(() => {
    const before = kept();
    if (!name || !search || !same(at, search)) { setList(before); return; }
    const others = before.filter((one) => one.search !== search && one.search !== mine.current);
    const next = [{ search, name }, ...others].slice(0, MOST);
    mine.current = search;
    keep(next);
    setList(next);
  }, [name, at, search]);
  const others = list.filter((one) => one.search !== search);
  if (!others.length) return null;
  const leave = () => { mine.current = ""; };
  const clear = () => { keep([]); setList([]); };
  return (
    <details className="fold recent">
      <summary>{text.heading}</summary>
      <ul className="rows" role="list">
        {others.map((one) => (
          <li key={one.search}><Link to={pathname + one.search} onClick={leave} discover="none">{one.name}</Link></li>
        ))}
      </ul>
      <button type="button" className="plain" onClick={clear}>{text.clear}</button>
    </details>
  );
}
