// Adopters × indicators. One tab stop; the arrow keys walk the cells, Enter opens indicator and country. Each cell says its
// latest year or the mark of its kind of gap: never by colour alone.
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useAnswer } from "./answer.js";
import { useSearch, withKept } from "./browser.jsx";

const MARKS = {
  not_reported: "–", not_collected: "×", not_gathered: "?", not_applicable: "∅", suppressed: "*", not_comparable: "≠",
  missing: "·",
};

const filled = (form, values) => form.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

// Indicators in the order given, in groups of one theme each where the order is that of themes.
function grouped(indicators, byTheme) {
  if (!byTheme) return [{ theme: "", name: "", rows: indicators }];
  const groups = [];
  for (const one of indicators) {
    if (groups.at(-1)?.theme !== one.theme) groups.push({ theme: one.theme, name: one.theme_name, rows: [] });
    groups.at(-1).rows.push(one);
  }
  return groups;
}

function sentence(text, indicator, country, place, gapNames) {
  const names = { indicator: indicator.name, country: country.name };
  if (indicator.latest[place] === null) return filled(text.cell_none, { ...names, gap: gapNames[indicator.gap[place]] });
  const values = { ...names, points: indicator.points[place], latest: indicator.latest[place] };
  return filled(indicator.points[place] === 1 ? text.cell_one : text.cell, values);
}

function Cell({ data, text, indicator, row, place, href, gapNames }) {
  const gap = indicator.gap[place], latest = indicator.latest[place];
  if (gap === null && latest === null) return <td className="other" />;
  const state = gap ?? (latest >= data.recent ? "recent" : "older");
  const words = sentence(text, indicator, data.countries[place], place, gapNames);
  return (
    <td data-state={state}>
      <a href={href} tabIndex={-1} data-row={row} data-place={place} aria-label={words} title={words}>
        <span>{latest ?? MARKS[gap]}</span>
        {latest !== null && <small>{indicator.points[place]}</small>}
      </a>
    </td>
  );
}

function Grid({ data, text, groups, gapNames, link, open }) {
  const table = useRef(null);
  const at = (row, place) => table.current.querySelector(`a[data-row="${row}"][data-place="${place}"]`);
  const cells = () => [...table.current.querySelectorAll("a[data-row]")];
  useEffect(() => { const first = cells()[0]; if (first) first.tabIndex = 0; }, [data]);
  const move = (to) => {
    if (!to) return;
    for (const one of table.current.querySelectorAll('a[data-row][tabindex="0"]')) one.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  };
  // The next cell in a direction; cells that were not asked for are passed over.
  const next = (row, place, down, along) => {
    for (let r = row + down, p = place + along; r >= 0 && r < data.indicators.length && p >= 0 && p < data.countries.length;
      r += down, p += along) { const found = at(r, p); if (found) return found; }
    return null;
  };
  const onKeyDown = (event) => {
    const cell = event.target.closest("a[data-row]");
    if (!cell || event.altKey || event.metaKey) return;
    const row = Number(cell.dataset.row), place = Number(cell.dataset.place);
    const along = document.documentElement.dir === "rtl" ? -1 : 1;
    const mine = cells().filter((one) => one.dataset.row === cell.dataset.row);
    const all = cells();
    const to = {
      ArrowDown: () => next(row, place, 1, 0), ArrowUp: () => next(row, place, -1, 0),
      ArrowRight: () => next(row, place, 0, along), ArrowLeft: () => next(row, place, 0, -along),
      Home: () => (event.ctrlKey ? all : mine)[0], End: () => (event.ctrlKey ? all : mine).at(-1),
      PageDown: () => at(Math.min(row + 10, data.indicators.length - 1), place),
      PageUp: () => at(Math.max(row - 10, 0), place),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    move(to());
  };
  let row = -1;
  return (
    <div className="scroll matrix-scroll" role="region" aria-label={text.label}>
      <table role="grid" aria-label={text.label} ref={table} onKeyDown={onKeyDown}
             onClick={(event) => open(event, event.target.closest("a"))}
             onFocus={(event) => event.target.dataset.row && event.target.tabIndex !== 0 && move(event.target)}>
        <thead>
          <tr>
            <th scope="col">{text.indicator}</th>
            <th scope="col" className="num">{text.covered}</th>
            {data.countries.map((country) => (
              <th scope="col" key={country.iso3} title={country.name}>
                <span className="name">{country.name}</span><span className="code" aria-hidden="true">{country.iso3}</span>
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.theme}>
            {group.name && <tr className="theme"><th scope="rowgroup" colSpan={data.countries.length + 2}><span>{group.name}</span></th></tr>}
            {group.rows.map((indicator) => {
              row += 1;
              const mine = row;
              return (
                <tr key={indicator.id}>
                  <th scope="row"><a href={link(indicator.id)} tabIndex={-1}>{indicator.name}</a></th>
                  <td className="num">{filled(text.of, { covered: indicator.covered, of: data.countries.length })}</td>
                  {data.countries.map((country, place) => (
                    <Cell key={country.iso3} {...{ data, text, indicator, place, gapNames }} row={mine}
                          href={link(indicator.id, country.iso3)} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </div>
  );
}

// The same without cells: one line per indicator, gaps counted in words.
function Lines({ data, text, groups, gapNames, link, open }) {
  const line = (indicator) => {
    const years = indicator.latest.filter((year) => year !== null).sort();
    const span = years.length === 0 ? "" : years[0] === years.at(-1) ? String(years[0])
      : filled(text.span, { first: years[0], last: years.at(-1) });
    const gaps = Object.keys(gapNames)
      .map((gap) => ({ name: gapNames[gap], count: indicator.gap.filter((one) => one === gap).length }))
      .filter((one) => one.count > 0);
    return (
      <tr key={indicator.id}>
        <th scope="row"><a href={link(indicator.id)}>{indicator.name}</a></th>
        <td className="num">{filled(text.of, { covered: indicator.covered, of: data.countries.length })}</td>
        <td className="num">{indicator.points.reduce((sum, points) => sum + (points ?? 0), 0)}</td>
        <td>{span}</td>
        <td>{gaps.map((one) => <small key={one.name}>{filled(text.gap, one)}</small>)}</td>
      </tr>
    );
  };
  return (
    <div className="scroll" role="region" aria-label={text.label} tabIndex={0}>
      <table onClick={(event) => open(event, event.target.closest("a"))}>
        <thead>
          <tr>
            <th scope="col">{text.indicator}</th><th scope="col" className="num">{text.covered}</th>
            <th scope="col" className="num">{text.points}</th><th scope="col">{text.latest}</th><th scope="col">{text.gaps}</th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.theme}>
            {group.name && <tr className="theme"><th scope="rowgroup" colSpan={5}><span>{group.name}</span></th></tr>}
            {group.rows.map(line)}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Key({ data, text }) {
  const ages = [["recent", text.recent], ["older", text.older]];
  return (
    <ul className="legend matrix-key">
      {data.with_figure > 0 && ages.map(([state, words]) => (
        <li key={state}><span className="mark" data-state={state} aria-hidden="true" />{filled(words, { year: data.recent })}</li>
      ))}
      {data.gaps.map((gap) => (
        <li key={gap.id} title={gap.definition}>
          <span className="mark" data-state={gap.id} aria-hidden="true">{MARKS[gap.id]}</span>
          <span>{gap.name} <span className="quiet">{gap.cells}</span></span>
        </li>
      ))}
    </ul>
  );
}

export function AvailabilityMatrix({ url, lang, view, byTheme, text }) {
  const [attempt, setAttempt] = useState(0);
  const { status, data } = useAnswer(url, attempt);
  const search = useSearch();
  const navigate = useNavigate();
  const link = (indicator, country) =>
    withKept(`/${lang}/indicators/${indicator}/${country ? `?country=${country}` : ""}`, search);
  const open = (event, anchor) => {
    if (!anchor || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(anchor.getAttribute("href"));
  };
  const gapNames = Object.fromEntries((data?.gaps ?? []).map((gap) => [gap.id, gap.name]));
  const parts = data && { data, text, gapNames, link, open, groups: grouped(data.indicators, byTheme) };
  return (
    <div className="matrix" data-status={status} aria-busy={status === "loading" || status === "updating"}>
      {status === "error" && (
        <div className="trouble" role="alert">
          <p>{text.error}</p>
          <button type="button" onClick={() => setAttempt((n) => n + 1)}>{text.retry}</button>
        </div>
      )}
      {status === "loading" && <div className="skeleton" role="status"><span>{text.loading}</span></div>}
      {data && (
        <>
          <p aria-live="polite">{data.text}</p>
          {data.indicators.length === 0 ? <p className="empty">{text.empty}</p> : (
            <>
              <Key data={data} text={text} />
              {view === "table" ? <Lines {...parts} /> : (
                <>
                  <p className="note">{text.help}</p>
                  <Grid {...parts} />
                </>
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}
