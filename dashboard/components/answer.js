// What an address answers, for components that draw it themselves.
import { useEffect, useState } from "react";

// { status: loading | updating | ready | error, data }: the last answer stays while the next is on its way.
export function useAnswer(url, attempt) {
  const [state, setState] = useState({ status: "loading", data: null });
  useEffect(() => {
    if (!url) return undefined;
    const abort = new AbortController();
    setState((was) => ({ ...was, status: was.data ? "updating" : "loading" }));
    fetch(url, { signal: abort.signal })
      .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(`HTTP ${reply.status}`))))
      .then((data) => setState({ status: "ready", data }))
      .catch(() => abort.signal.aborted || setState((was) => ({ ...was, status: "error" })));
    return () => abort.abort();
  }, [url, attempt]);
  return state;
}
