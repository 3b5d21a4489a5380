// The table in which an office types its figures: the keys of a spreadsheet, and at each pause what was typed is sent.
// The server reads blocks, finds what is wrong and writes every word; without this script the table is a plain form.
const form = document.getElementById("grid"), state = document.getElementById("state");
const PAUSE = 900, AGAIN = 5000, PATIENCE = 20000; // milliseconds: without a key, until it is tried again, for an answer
const CELL = "td textarea, td select";
const typed = new Map(); // name of a cell → what the server is not known to have kept
let timer, busy, over = false, leaving = false;

const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
const tell = (words) => { state.textContent = words; state.classList.add("unsaved"); };
const save = () => (busy ??= send().finally(() => { busy = undefined; }));

// Sends what is not kept yet; true when nothing is left. One at a time: the same is said again until it is answered.
async function send() {
  if (over || !typed.size) return !over;
  const sent = new Map(typed), body = new URLSearchParams({ pause: 1 });
  for (const name of ["form_token", "lang", "year", "version", "page"]) body.set(name, form.elements[name].value);
  sent.forEach((value, name) => body.set(name, value));
  let reply, answer;
  try {
    reply = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    answer = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("answer");
  } catch { /* no answer is told below */ }
  if (!answer) { tell(reply?.redirected ? form.dataset.signedOut : form.dataset.unsaved); later(AGAIN); return false; }
  take(answer, sent);
  if (typed.size && !("refused" in answer.dataset)) later(PAUSE);
  return !typed.size;
}

// Puts the parts of an answer in their places, and words that the server changed into cells nobody has typed in since.
function take(answer, sent) {
  const { refused, stale, version, unkept } = answer.dataset, wrong = new Set(), left = new Set(unkept.split(" "));
  for (const part of answer.querySelectorAll("[id]")) {
    const here = document.getElementById(part.id);
    if (here.innerHTML !== part.innerHTML) here.innerHTML = part.innerHTML;
    part.dataset.wrong?.split(" ").forEach((name) => wrong.add(name));
  }
  state.classList.toggle("unsaved", refused !== undefined);
  for (const cell of form.querySelectorAll(CELL)) cell.ariaInvalid = wrong.has(cell.name) ? "true" : null;
  over = stale !== undefined;
  if (over) return;
  form.elements.version.value = version;
  form.querySelector("[value=undo]").hidden = false;
  for (const [name, value] of sent) if (typed.get(name) === value && !left.has(name)) typed.delete(name);
  for (const { name, value } of answer.querySelectorAll("input")) {
    const cell = form.elements[name];
    if (typed.has(name)) continue;
    if (cell.options && ![...cell.options].some((one) => one.value === value)) cell.add(new Option(value));
    cell.value = value;
  }
}

form.addEventListener("input", ({ target, inputType }) => {
  if (target.matches(CELL)) { typed.set(target.name, target.value); later(inputType === "insertFromPaste" ? 0 : PAUSE); }
});
form.addEventListener("focusin", ({ target }) => target.matches("td textarea") && target.select());
form.addEventListener("paste", ({ target, clipboardData }) => { if (/[\t\n]/.test(clipboardData.getData("text"))) target.select?.(); });

// A cell whose words are marked as a whole is one of many; F2, a click or typing leads into its words.
form.addEventListener("keydown", (event) => {
  const { key, ctrlKey, shiftKey, target: cell } = event;
  if (!cell.matches(CELL) || event.isComposing || event.altKey || event.metaKey) return;
  if (key === "F2") cell.setSelectionRange?.(cell.value.length, cell.value.length);
  const seen = (within) => [...within.querySelectorAll(CELL)].filter((one) => one.offsetParent);
  const all = seen(form), row = seen(cell.closest("tr")), column = all.filter((one) => one.name[0] === cell.name[0]);
  const whole = !cell.select || (cell.selectionStart === 0 && cell.selectionEnd === cell.value.length);
  const along = document.documentElement.dir === "rtl" ? -1 : 1, line = ctrlKey ? all : row;
  const [list, step] = {
    ArrowDown: [column, 1], ArrowUp: [column, -1], Enter: [column, shiftKey ? -1 : 1],
    ArrowRight: whole && [row, along], ArrowLeft: whole && [row, -along],
    Home: (whole || ctrlKey) && [line, -all.length], End: (whole || ctrlKey) && [line, all.length],
  }[key] || [];
  if (!list) return;
  event.preventDefault();
  list[Math.min(Math.max(list.indexOf(cell) + (ctrlKey ? step * all.length : step), 0), list.length - 1)].focus();
});

// A button leads on once everything is kept; its form then holds no cells.
form.addEventListener("submit", async (event) => {
  if (leaving) return;
  event.preventDefault();
  await busy;
  if (!(await save())) return;
  leaving = true;
  form.querySelectorAll(CELL).forEach((cell) => { cell.disabled = true; });
  setTimeout(() => form.requestSubmit(event.submitter)); // not while this very event is under way
});
addEventListener("beforeunload", (event) => { if (typed.size && !leaving) event.preventDefault(); });
document.addEventListener("visibilitychange", () => document.hidden && save());
