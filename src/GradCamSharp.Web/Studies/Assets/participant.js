// A participant's way through the study: consent, one picture after the other, thanks. The server knows the order and the sides; this page
// learns neither which side is which method nor anything of later pictures but the next one's.

const key = location.pathname.split("/").pop();
const api = `/api/participants/${encodeURIComponent(key)}`;
const element = (id) => document.getElementById(id);
const sides = ["original", "left", "right"];
const keys = { 1: "left", 2: "right", 3: "same" };

let state = null;
let busy = true;
let retry = null;
let watch = null;

// The time that the pictures were looked at: the clock stands still while the page is hidden.
class Watch {
  constructor() {
    this.spent = 0;
    this.since = document.hidden ? null : performance.now();
  }

  toggle() {
    if (this.since !== null) this.spent += performance.now() - this.since;
    this.since = document.hidden ? null : performance.now();
  }

  get milliseconds() {
    return Math.round(this.spent + (this.since === null ? 0 : performance.now() - this.since));
  }
}

async function call(path, body) {
  const response = await fetch(api + path, body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const document = await response.json();
  if (!response.ok) throw Object.assign(new Error(document.detail ?? "The server refused the request."), { status: response.status });
  return document;
}

// Does something with the server and shows where that leads. What failed can be tried again: every request may be sent twice.
async function step(action) {
  busy = true;
  element("trouble").hidden = true;
  try {
    state = await action();
    await show();
  } catch (error) {
    // Another window of the same person went on: what it stored counts.
    if (error.status === 409) return step(() => call(""));
    const lost = error.status === undefined;
    element("reason").textContent = lost ? "The connection is interrupted. Nothing that you answered is lost." : error.message;
    element("trouble").hidden = false;
    element("retry").hidden = error.status === 404;
    retry = () => step(action);
  }
}

function sheet(id) {
  for (const main of document.querySelectorAll("main")) main.hidden = main.id !== id;
}

function pictureUrl(position, side) {
  return `${api}/pictures/${position}/${side}.png`;
}

async function load(image, url) {
  image.src = url;
  await image.decode().catch(() => { throw new Error("A picture could not be loaded."); });
  image.classList.toggle("small", image.naturalWidth < 100);
}

function ask(task) {
  const [before, ...after] = task.question.split("{class}");
  const name = document.createElement("b");
  name.textContent = task.class;
  element("question").replaceChildren(...(after.length > 0 ? [before, name, after.join(task.class)] : [before]));
}

async function show() {
  document.title = state.title;
  for (const button of document.querySelectorAll(".undo")) button.hidden = state.answered === 0;
  if (!state.consented) {
    element("title").textContent = state.title;
    element("terms").replaceChildren(...state.consent.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    sheet("consent");
    busy = false;
    return;
  }

  if (state.task === null) {
    element("gratitude").textContent = state.thanks;
    sheet("thanks");
    element("announcement").textContent = state.thanks;
    busy = false;
    return;
  }

  const { position } = state.task;
  ask(state.task);
  element("bar").max = state.total;
  element("bar").value = position;
  element("count").textContent = `${position + 1} of ${state.total}`;
  sheet("task");
  element("trio").classList.add("loading");
  await Promise.all(sides.map((side) => load(element(side), pictureUrl(position, side))));
  for (const button of document.querySelectorAll("[data-choice]")) button.classList.remove("chosen");
  element("trio").classList.remove("loading");
  element("trio").dataset.position = position;
  element("announcement").textContent = `Picture ${position + 1} of ${state.total}. ${element("question").textContent}`;
  watch = new Watch();
  busy = false;
  if (position + 1 < state.total)
    for (const side of sides) new Image().src = pictureUrl(position + 1, side);
}

function answer(choice) {
  if (busy || !state?.task) return;
  const { position } = state.task;
  const { milliseconds } = watch;
  document.querySelector(`[data-choice="${choice}"]`).classList.add("chosen");
  step(() => call("/answers", { position, choice, milliseconds }));
}

function undo() {
  if (busy || !state?.consented || state.answered === 0) return;
  const position = state.answered - 1;
  step(() => call("/undo", { position }));
}

element("agree").addEventListener("click", () => { if (!busy) step(() => call("/consent", {})); });
element("retry").addEventListener("click", () => retry?.());
for (const button of document.querySelectorAll("[data-choice]")) button.addEventListener("click", () => answer(button.dataset.choice));
for (const button of document.querySelectorAll(".undo")) button.addEventListener("click", undo);
document.addEventListener("visibilitychange", () => watch?.toggle());
document.addEventListener("keydown", (event) => {
  // A key that is held down answers once, not for the next picture too.
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (keys[event.key]) answer(keys[event.key]);
  else if (event.key.toLowerCase() === "u") undo();
  else return;
  event.preventDefault();
});

step(() => call(""));
