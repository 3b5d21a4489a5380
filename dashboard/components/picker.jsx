// What is chosen (countries, indicators) as chips, and a combobox (WAI-ARIA APG, list autocomplete with manual selection) to add one.
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { askAhead, inTurn, showAhead } from "./chart_specs.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// ``parameter``: what the chosen are in the address of the charts on the page, which are then asked for ahead.
export function Picker({ options, chosen, most, parameter, text, onAdd, onRemove }) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  const list = useRef(null);
  const field = useRef(null);
  const removed = useRef(false);
  const picked = chosen ?? [];
  const full = picked.length >= most;
  const found = useMemo(() => {
    const sought = plain(typed.trim());
    const taken = new Set(picked.map((c) => c.id));
    const free = (options ?? []).filter((o) => !taken.has(o.id));
    if (!sought) return free;
    const starts = [], holds = [];
    for (const option of free) {
      const name = plain(option.label);
      if (name.startsWith(sought) || option.id.toLowerCase() === sought) starts.push(option);
      else if (name.includes(sought)) holds.push(option);
    }
    return [...starts, ...holds];
  }, [typed, options, picked]);

  const close = () => { setOpen(false); setActive(-1); };
  const changed = (ids) => (parameter ? { [parameter]: ids.join(",") } : {});
  const withOption = (option) => changed([...picked.map(({ id }) => id), option.id]);
  const without = (one) => changed(picked.map(({ id }) => id).filter((id) => id !== one.id));
  const told = (change) => (parameter === "country" ? showAhead(change) : inTurn());
  const add = (option) => {
    if (!option) return;
    told(withOption(option)).then(() => onAdd?.(option.id));
    setTyped(""); close();
  };
  const move = (to) => {
    const next = Math.max(0, Math.min(found.length - 1, to));
    setOpen(true); setActive(next);
  };
  useEffect(() => { list.current?.children[active]?.scrollIntoView({ block: "nearest" }); }, [active]);
  const next = typed && active >= 0 ? found[active] : undefined;
  useEffect(() => { if (next) askAhead(withOption(next)); }, [next]);
  const onKeyDown = (event) => {
    const keys = {
      ArrowDown: () => move(open ? active + 1 : 0),
      ArrowUp: () => move(open ? active - 1 : found.length - 1),
      Home: () => open && active >= 0 && move(0),
      End: () => open && active >= 0 && move(found.length - 1),
      Enter: () => (open ? add(active >= 0 ? found[active] : typed && found.length === 1 ? found[0] : null) : null),
      Escape: () => (open ? close() : setTyped("")),
      Tab: close,
    };
    if (!(event.key in keys)) return;
    if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) event.preventDefault();
    keys[event.key]();
  };
  const remove = (one) => {
    told(without(one)).then(() => onRemove?.(one.id));
    removed.current = true;
  };
  useEffect(() => {  // the chip that had the focus is gone: the field, usable again by now, gets it
    if (removed.current) field.current?.focus();
    removed.current = false;
  }, [picked.length]);
  return (
    <div className="picker">
      <div className="combo" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}>
        <label htmlFor={`${id}field`}>{text.add}</label>
        <input
          id={`${id}field`} ref={field} type="text" role="combobox" autoComplete="off" spellCheck={false}
          aria-expanded={open} aria-controls={`${id}list`} aria-autocomplete="list" aria-describedby={`${id}note`}
          aria-activedescendant={open && active >= 0 && found[active] ? `${id}${found[active].id}` : undefined}
          value={typed} disabled={full} placeholder={full ? "" : text.placeholder}
          onChange={(event) => { setTyped(event.target.value); setOpen(true); setActive(event.target.value ? 0 : -1); }}
          onClick={() => setOpen(true)} onKeyDown={onKeyDown}
        />
        <ul id={`${id}list`} ref={list} role="listbox" aria-label={text.add} hidden={!open || full} tabIndex={-1}>
          {open && found.map((option, index) => (
            <li key={option.id} id={`${id}${option.id}`} role="option" aria-selected={index === active}
                onPointerEnter={() => askAhead(withOption(option))}
                onMouseDown={(event) => event.preventDefault()} onClick={() => add(option)}>
              {option.label}{option.note && <small>{option.note}</small>}
            </li>
          ))}
          {open && found.length === 0 && <li role="option" aria-selected="false" aria-disabled="true">{text.none}</li>}
        </ul>
      </div>
      <ul className="chips" aria-label={text.chosen}>
        {picked.map((one) => (
          <li key={one.id}>
            <button type="button" className="chip" onPointerEnter={() => askAhead(without(one))}
                    onFocus={() => askAhead(without(one))} onClick={() => remove(one)}>
              <span className="sr-only">{text.remove} </span>{one.label}<span aria-hidden="true" className="cross">×</span>
            </button>
          </li>
        ))}
      </ul>
      <p id={`${id}note`} className="note">{full ? text.full : ""}</p>
    </div>
  );
}
