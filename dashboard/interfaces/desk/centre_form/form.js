// Words stay on the telephone until they are sent, under the id they got once; the server takes an id once.
// In localStorage.voice by id: a draft {to, said}, what waits {to, said, wait}, a number not yet seen {number}.
(() => {
  const form = document.querySelector("form[data-keep]"), note = document.getElementById("kept"), { dataset: words } = note;
  const all = () => { try { return JSON.parse(localStorage.voice || "{}"); } catch { return {}; } };
  const put = (id, text) => {
    try { localStorage.voice = JSON.stringify({ ...all(), [id]: text }); return true; } catch { return false; }
  };
  const pick = (name) => Object.entries(all()).filter(([, one]) => one[name]);
  const add = (kind, text, rest) => note.append(" ", Object.assign(document.createElement(kind), { textContent: text, ...rest }));

  function show(sent) {
    const waiting = pick("wait"), numbers = pick("number");
    note.textContent = waiting.length ? words.kept : sent || numbers.length ? words.sent : "";
    const forget = () => { waiting.forEach(([id]) => put(id)); show(); };
    if (waiting.length) add("button", words.forget, { type: "button", onclick: forget });
    numbers.forEach(([, { number }]) => add("a", words.number, { href: number }));
    note.hidden = !note.textContent;
  }

  // Sends what waits; ``own`` is the id of the form whose button was pressed: its page follows.
  async function send(own) {
    let sent = false;
    try {
      for (const [id, { to, said }] of pick("wait")) {
        const body = new URLSearchParams(said), reply = await fetch(to, { method: "POST", body, signal: AbortSignal.timeout?.(20000) });
        if (reply.status === 429 || reply.status >= 500) break;
        const { pathname, search } = new URL(reply.url), number = pathname.startsWith("/voice/number/") && id !== own;
        put(id, reply.ok ? (number ? { number: pathname + search } : undefined) : { to, said });  // refused: a draft again
        if (id === own || (!reply.ok && id === form?.elements.id.value)) return reply.ok ? location.assign(pathname + search) : form.submit();
        sent ||= reply.ok;
      }
    } catch { /* no connection: it stays */ }
    return show(sent);
  }

  for (const [id, { number }] of pick("number")) if (number === location.pathname + location.search) put(id);
  if (form) {
    const to = form.getAttribute("action"), said = () => Object.fromEntries(new FormData(form)), { service } = said();
    const draft = pick("said").find(([, one]) => !one.wait && one.to === to && one.said.service === service)?.[1].said ?? {};
    for (const [name, value] of Object.entries("trouble" in form.dataset ? {} : draft)) {
      const field = form.elements[name];
      if (field?.type === "checkbox") field.checked = true; else if (field && name !== "lang") field.value = value;
    }
    form.addEventListener("input", () => put(said().id, { to, said: said() }));
    form.addEventListener("submit", async (event) => {
      const { id } = said();
      if (!put(id, { to, said: said(), wait: 1 })) return;  // no room here: the browser sends it as ever
      event.preventDefault();
      await send(id);
      form.hidden = true;
      note.scrollIntoView();
    });
  }
  addEventListener("online", () => send());
  setInterval(() => pick("wait").length && send(), 30000);
  show();  // what waits is said at once, also while it is being sent
  send();
})();
