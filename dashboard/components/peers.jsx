// Countries proposed for comparison, each with its reasons: fetched by address, so that no page waits for them.
import { useEffect, useRef, useState } from "react";
import { showAhead } from "./chart_specs.js";

export function ProposedPeers({ country, name, lang, asOf, chosen, most, text, onAdd }) {
  const [answer, setAnswer] = useState(null);
  const [failed, setFailed] = useState(false);
  const box = useRef(null);
  const [open] = useState((chosen ?? []).length < 3);  // of the reader from then on
  useEffect(() => {
    if (!country) return undefined;
    const stop = new AbortController();
    setAnswer(null); setFailed(false);
    const day = asOf ? `&as_of=${asOf}` : "";
    fetch(`/api/v1/peers?country=${country}&lang=${lang}&limit=8${day}`, { signal: stop.signal })
      .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(`HTTP ${reply.status}`))))
      .then(setAnswer).catch(() => { if (!stop.signal.aborted) setFailed(true); });
    return () => stop.abort();
  }, [country, lang, asOf]);
  if (!country) return null;
  const picked = (chosen ?? []).map(({ id }) => id);
  const add = (iso3) => {
    showAhead({ country: [...picked, iso3].join(",") }).then(() => onAdd?.(iso3));
    box.current.querySelector("summary").focus();  // the button goes away with the proposal
  };
  return (
    <details ref={box} className="peers fold" open={open} aria-busy={!answer && !failed}>
      <summary>{text.heading.replace("{country}", name)}</summary>
      {failed && <p role="alert">{text.failed}</p>}
      {!answer && !failed && <p className="note" role="status">{text.loading}</p>}
      {answer && <p className="note">{answer.text} {answer.missing_text}</p>}
      {answer && (
        <ul className="rows" role="list">
          {answer.peers.filter(({ iso3 }) => !picked.includes(iso3)).slice(0, 5).map((peer) => (
            <li key={peer.iso3}>
              <button type="button" className="button" disabled={picked.length >= most} onClick={() => add(peer.iso3)}>
                {text.add.replace("{country}", peer.name)}
              </button>
              <p className="note">{peer.reasons.map((reason) => reason.text).join(" ")} {peer.unknown_text}</p>
            </li>
          ))}
        </ul>
      )}
      {answer?.sources?.length > 0 && <p className="note">{text.sources}: {answer.sources.join("; ")}</p>}
    </details>
  );
}
