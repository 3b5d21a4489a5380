// Controls that are more than a link: forms whose fields are parameters of the address. They keep the reader's place.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";

// A GET form of this very page, shown without a reload; a list sends it at once. What is not its own stays as the address has it by
// now, answered or not, but for the page of a table: its first is shown. Values of one name are joined by commas, empty ones left out.
export function ViewForm({ own, children, ...rest }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const show = (event) => {
    event.preventDefault();
    const asked = {}, now = new URLSearchParams(window.location.search), put = (name, value) => { if (value.trim()) asked[name] = asked[name] ? `${asked[name]},${value.trim()}` : value.trim(); };
    for (const [name, value] of now) if (name !== "page" && !own.includes(name)) put(name, value);
    for (const { name, value, dataset } of event.currentTarget.elements)
      if (own.includes(name)) put(name, "kept" in dataset ? now.get(name) ?? value : value);
    const query = new URLSearchParams(asked).toString().replaceAll("%2C", ",").replaceAll("+", "%20");
    navigate(query ? `${pathname}?${query}` : pathname, { preventScrollReset: true });
  };
  return (
    <form action={pathname} onSubmit={show} onChange={(event) => event.target.tagName === "SELECT" && show(event)} {...rest}>
      {children}
    </form>
  );
}

// A list and a field that say what the address says, also after Back; where it says nothing they have, ``value``.
export function ViewField({ value, children, ...rest }) {
  const Field = children ? "select" : "input", place = useRef(null), { search } = useLocation();
  const asked = new URLSearchParams(search).get(rest.name) ?? value ?? "";
  useLayoutEffect(() => {
    place.current.value = asked;
    if (place.current.selectedIndex < 0) place.current.value = value ?? "";
  }, [search, value, children]);
  return <Field {...rest} ref={place} defaultValue={asked}>{children}</Field>;
}

// A table whose cells are one stop of the keyboard; the arrow keys walk them, and may say the words of the cell in focus.
export function GridKeys({ focus, children, ...rest }) {
  const box = useRef(null);
  const [words, say] = useState("");
  const cells = (within = box.current) => [...within.querySelectorAll("[data-cell]")];
  const column = (cell) => cell.closest("td").cellIndex;
  useEffect(() => { if (!box.current.querySelector('[data-cell][tabindex="0"]')) cells().slice(0, 1).forEach((one) => { one.tabIndex = 0; }); });
  const onFocus = ({ target }) => {
    const cell = target.closest("[data-cell]");
    if (!cell) return;
    cells().forEach((one) => { one.tabIndex = one === cell ? 0 : -1; });
    say(cell.title);
  };
  const onKeyDown = (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.altKey || event.metaKey) return;
    const row = cells(cell.closest("tr")), all = cells(), mine = all.filter((one) => column(one) === column(cell));
    const along = document.documentElement.dir === "rtl" ? -1 : 1;
    const by = (list, step) => list[Math.min(Math.max(list.indexOf(cell) + step, 0), list.length - 1)];
    const to = {
      ArrowDown: () => by(mine, 1), ArrowUp: () => by(mine, -1), PageDown: () => by(mine, 10), PageUp: () => by(mine, -10),
      ArrowRight: () => by(row, along), ArrowLeft: () => by(row, -along),
      Home: () => (event.ctrlKey ? all : row)[0], End: () => (event.ctrlKey ? all : row).at(-1),
    }[event.key];
    if (to) { event.preventDefault(); to().focus(); }
  };
  return (
    <>
      <div {...rest} ref={box} onFocus={onFocus} onKeyDown={onKeyDown} onClick={({ target }) => target.closest("td[data-cell]")?.focus()}>{children}</div>
      {focus && <p className="matrix-words" aria-live="polite">{words || focus}</p>}
    </>
  );
}
