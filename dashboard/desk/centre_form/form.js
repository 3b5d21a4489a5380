// Words stay on the telephone until they are sent: kept under the id they got once, sent later by themselves.
// What is typed is kept as a draft; the server takes an id once, so that sending again never counts twice.
(() => {
  const form = document.querySelector("form[data-keep]");
  const note = document.getElementById("kept");
  if (!note || !window.fetch) return;
  const get = (name) => {
    try { return JSON.parse(localStorage.getItem("voice." + name)) || {}; } catch { return {}; }
  };
  const set = (name, key, value) => {
    const all = get(name);
    if (value === undefined) delete all[key]; else all[key] = value;
    try { localStorage.setItem("voice." + name, JSON.stringify(all)); return true; } catch { return false; }
  };
  const place = (to, said) => to + "?" + said.service;
  const post = ({ to, said }) =>
    fetch(to, { method: "POST", body: new URLSearchParams(said), signal: AbortSignal.timeout?.(20000) });
  const later = (reply) => reply.status === 429 || reply.status >= 500;

  function show(sent) {
    const words = note.dataset, numbers = Object.keys(get("numbers")), unsent = Object.keys(get("unsent"));
    note.replaceChildren();
    if (unsent.length) {
      const forget = document.createElement("button");
      forget.type = "button";
      forget.textContent = words.forget;
      forget.onclick = () => { unsent.forEach((id) => set("unsent", id)); show(); };
      note.append(words.kept, " ", forget);
      setTimeout(flush, 30000);
    } else if (sent || numbers.length) note.append(words.sent);
    for (const to of numbers) {
      const link = document.createElement("a");
      link.href = to;
      link.textContent = words.number;
      note.append(" ", link);
    }
    note.hidden = !note.hasChildNodes();
  }

  function done(id, item, reply) {
    set("unsent", id);
    set("drafts", place(item.to, item.said));
    const at = new URL(reply.url);
    return at.pathname.startsWith("/voice/number/") ? at.pathname + at.search : "";
  }

  let busy = false;
  async function flush() {
    if (busy) return;
    busy = true;
    let sent = false;
    try {
      for (const [id, item] of Object.entries(get("unsent"))) {
        const reply = await post(item);
        if (later(reply)) break;
        sent = true;
        if (reply.ok) {
          const number = done(id, item, reply);
          if (number) set("numbers", number, 1);
        } else {
          set("unsent", id);
          set("drafts", place(item.to, item.said), item.said);  // refused: its form shows it again
        }
      }
    } catch { /* no connection: they stay */ }
    busy = false;
    show(sent);
  }

  if (form) {
    const to = form.getAttribute("action"), said = () => Object.fromEntries(new FormData(form));
    const here = place(to, said()), draft = get("drafts")[here];
    if (draft && !("trouble" in form.dataset))
      for (const [name, value] of Object.entries(draft)) {
        const field = form.elements[name];
        if (!field || name === "lang") continue;
        if (field.type === "checkbox") field.checked = true; else field.value = value;
      }
    form.addEventListener("input", () => set("drafts", here, said()));
    form.addEventListener("submit", async (event) => {
      const item = { to, said: said() }, id = item.said.id;
      if (!set("unsent", id, item)) return;  // no room here: the browser sends it as ever
      event.preventDefault();
      busy = true;
      try {
        const reply = await post(item);
        if (reply.ok) { done(id, item, reply); location.assign(reply.url); return; }
        if (!later(reply)) { set("unsent", id); form.submit(); return; }
      } catch { /* kept */ }
      busy = false;
      set("drafts", here);
      form.hidden = true;
      show();
      note.scrollIntoView();
    });
  }
  set("numbers", location.pathname + location.search);
  addEventListener("online", flush);
  flush();
})();
