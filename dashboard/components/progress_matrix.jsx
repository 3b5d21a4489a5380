// Goals × countries. One tab stop; the arrow keys walk the cells, and the words of the cell in focus stand below. Each cell
// counts its signs: never by colour alone.
import { useEffect, useRef, useState } from "react";
import { useAnswer } from "./answer.js";

const mark = (cell) => cell.letters || (cell.refused ? "–" : "·");

function Grid({ data, text, say, country }) {
  const table = useRef(null);
  const [row, place] = [useRef(0), useRef(0)];
  const at = (r, p) => table.current.querySelector(`[data-row="${r}"][data-place="${p}"]`);
  const last = [data.goals.length - 1, data.countries.length - 1];
  const onKeyDown = (event) => {
    if (event.altKey || event.metaKey) return;
    const along = document.documentElement.dir === "rtl" ? -1 : 1;
    const [r, p] = [row.current, place.current];
    const to = {
      ArrowDown: [r + 1, p], ArrowUp: [r - 1, p], ArrowRight: [r, p + along], ArrowLeft: [r, p - along],
      Home: [event.ctrlKey ? 0 : r, 0], End: [event.ctrlKey ? last[0] : r, last[1]],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    at(Math.min(Math.max(to[0], 0), last[0]), Math.min(Math.max(to[1], 0), last[1]))?.focus();
  };
  const onFocus = (event) => {
    const cell = event.target.closest("[data-row]");
    if (!cell) return;
    table.current.querySelectorAll('[data-row][tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    cell.tabIndex = 0;
    [row.current, place.current] = [Number(cell.dataset.row), Number(cell.dataset.place)];
    say(cell.getAttribute("aria-label"));
  };
  return (
    <div className="scroll matrix-scroll" role="region" aria-label={text.label}>
      <table role="grid" aria-label={text.label} ref={table} onKeyDown={onKeyDown} onFocus={onFocus}>
        <thead>
          <tr>
            <th scope="col">{text.goal}</th>
            {data.countries.map((one) => (
              <th scope="col" key={one.id} title={one.label} data-chosen={one.id === country || undefined}>
                <span className="name">{one.label}</span><span className="code" aria-hidden="true">{one.id}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.goals.map((goal, r) => (
            <tr key={goal.id}>
              <th scope="row"><span>{goal.id} {goal.label}</span></th>
              {data.countries.map((one, p) => {
                const cell = data.cells[r * data.countries.length + p];
                return (
                  <td key={one.id} data-tone={cell.tone} data-row={r} data-place={p} tabIndex={r || p ? -1 : 0}
                      aria-label={cell.text} title={cell.text} onClick={(event) => event.currentTarget.focus()}>
                    <span dir="ltr">{mark(cell)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// The same without cells: one line per goal and country that has a figure, in words.
function Lines({ data, text }) {
  const told = data.cells.filter((cell) => cell.judged || cell.refused);
  const names = Object.fromEntries(data.goals.map((goal) => [goal.id, `${goal.id} ${goal.label}`]));
  const countries = Object.fromEntries(data.countries.map((one) => [one.id, one.label]));
  return (
    <div className="scroll" role="region" aria-label={text.label} tabIndex={0}>
      <table>
        <thead><tr><th scope="col">{text.goal}</th><th scope="col">{text.country}</th><th scope="col">{text.words}</th></tr></thead>
        <tbody>
          {told.map((cell) => (
            <tr key={`${cell.goal}${cell.iso3}`}>
              <th scope="row">{names[cell.goal]}</th><td>{countries[cell.iso3]}</td><td>{cell.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ProgressMatrix({ url, view, country, text }) {
  const [attempt, setAttempt] = useState(0);
  const { status, data } = useAnswer(url, attempt);
  const [words, say] = useState("");
  useEffect(() => say(""), [url]);
  return (
    <div className="matrix goals-matrix" data-status={status} aria-busy={status === "loading" || status === "updating"}>
      {status === "error" && (
        <div className="trouble" role="alert">
          <p>{text.error}</p>
          <button type="button" onClick={() => setAttempt((n) => n + 1)}>{text.retry}</button>
        </div>
      )}
      {status === "loading" && <p role="status">{text.loading}</p>}
      {data && (
        <>
          <ul className="legend matrix-key">
            {data.legend.map((one) => <li key={one}>{one}</li>)}
            <li>– {text.refused}</li>
            <li>· {text.empty}</li>
          </ul>
          {view === "table" ? <Lines data={data} text={text} /> : (
            <>
              <p className="note">{text.help}</p>
              <Grid {...{ data, text, say, country }} />
              <p className="matrix-words" aria-live="polite">{words || text.focus}</p>
            </>
          )}
        </>
      )}
    </div>
  );
}
