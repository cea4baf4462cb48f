// A participant's way through the study: consent, one picture after the other, thanks. The server knows the order and the sides; this page
// learns neither which side is which method nor anything of later pictures but the next one's.

import { $, element, make, words } from "./dom.js";
import { Pictures } from "./pictures.js";
import { Watch } from "./watch.js";

/**
 * @typedef {{ position: number, class: string, question: string }} Task
 * @typedef {{ title: string, consent: string[], thanks: string, consented: boolean, answered: number, total: number,
 *   task: Task | null }} State
 */

const key = location.pathname.split("/").pop() ?? "";
const api = `/api/participants/${encodeURIComponent(key)}`;
const sides = ["original", "left", "right"];
/** @type {Record<string, string>} */
const keys = { 1: "left", 2: "right", 3: "same" };
const pictures = new Pictures();

/** @type {State | null} */
let state = null;
let busy = true;
/** @type {(() => Promise<void>) | null} */
let retry = null;
/** @type {Watch | null} */
let watch = null;

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<State>}
 */
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

/**
 * Does something with the server and shows where that leads. What failed can be tried again: every request may be sent twice.
 * @param {() => Promise<State>} action
 * @returns {Promise<void>}
 */
async function step(action) {
  busy = true;
  $("trouble").hidden = true;
  try {
    state = await action();
    await show(state);
  } catch (error) {
    const status = error instanceof Error && "status" in error ? error.status : undefined;
    // Another window of the same person went on: what it stored counts.
    if (status === 409) return step(() => call(""));
    $("reason").textContent = status === undefined ? "The connection is interrupted. Nothing that you answered is lost." : words(error);
    $("trouble").hidden = false;
    $("retry").hidden = status === 404;
    retry = () => step(action);
  }
}

/** @param {string} id */
function sheet(id) {
  for (const main of document.querySelectorAll("main")) main.hidden = main.id !== id;
}

/** @param {number} position */
const urlsOf = (position) => sides.map((side) => `${api}/pictures/${position}/${side}.png`);

/** @returns {NodeListOf<HTMLElement>} */
const choices = () => document.querySelectorAll("[data-choice]");

/** @returns {NodeListOf<HTMLElement>} */
const undoButtons = () => document.querySelectorAll(".undo");

/**
 * @param {HTMLImageElement} image
 * @param {string} url
 */
async function load(image, url) {
  image.src = await pictures.get(url);
  await image.decode().catch(() => { throw new Error("A picture could not be loaded."); });
  image.classList.toggle("small", image.naturalWidth < 100);
}

/** @param {Task} task */
function ask(task) {
  const [before, ...after] = task.question.split("{class}");
  const name = make("b", { textContent: task.class });
  $("question").replaceChildren(...(after.length > 0 ? [before, name, after.join(task.class)] : [before]));
}

/** @param {State} now */
async function show(now) {
  document.title = now.title;
  for (const button of undoButtons()) button.hidden = now.answered === 0;
  if (!now.consented) {
    $("title").textContent = now.title;
    $("terms").replaceChildren(...now.consent.map((text) => make("p", { textContent: text })));
    sheet("consent");
  } else if (now.task === null) {
    pictures.keep([]);
    $("gratitude").textContent = now.thanks;
    sheet("thanks");
    $("announcement").textContent = now.thanks;
  } else {
    await showTask(now, now.task);
  }
  busy = false;
}

/**
 * @param {State} now
 * @param {Task} task
 */
async function showTask(now, task) {
  const { position } = task, bar = element("bar", HTMLProgressElement), urls = urlsOf(position);
  const ahead = position + 1 < now.total ? urlsOf(position + 1) : [];
  ask(task);
  bar.max = now.total;
  bar.value = position;
  $("count").textContent = `${position + 1} of ${now.total}`;
  sheet("task");
  $("trio").classList.add("loading");
  pictures.keep([...urls, ...ahead]);
  await Promise.all(sides.map((side, i) => load(element(side, HTMLImageElement), urls[i])));
  for (const button of choices()) button.classList.remove("chosen");
  $("trio").classList.remove("loading");
  $("trio").dataset.position = String(position);
  $("announcement").textContent = `Picture ${position + 1} of ${now.total}. ${$("question").textContent}`;
  watch = new Watch(() => performance.now(), document.hidden);
  // Fetched ahead; where that fails it is fetched when its turn comes.
  for (const url of ahead) pictures.get(url).catch(() => { });
}

/** @param {string} choice */
function answer(choice) {
  if (busy || !state?.task || !watch) return;
  const { position } = state.task;
  const { milliseconds } = watch;
  document.querySelector(`[data-choice="${choice}"]`)?.classList.add("chosen");
  step(() => call("/answers", { position, choice, milliseconds }));
}

function undo() {
  if (busy || !state?.consented || state.answered === 0) return;
  const position = state.answered - 1;
  step(() => call("/undo", { position }));
}

$("agree").addEventListener("click", () => { if (!busy) step(() => call("/consent", {})); });
$("retry").addEventListener("click", () => retry?.());
for (const button of choices()) button.addEventListener("click", () => answer(button.dataset.choice ?? ""));
for (const button of undoButtons()) button.addEventListener("click", undo);
document.addEventListener("visibilitychange", () => watch?.toggle(document.hidden));
document.addEventListener("keydown", (event) => {
  // A key that is held down answers once, not for the next picture too.
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (keys[event.key]) answer(keys[event.key]);
  else if (event.key.toLowerCase() === "u") undo();
  else return;
  event.preventDefault();
});

step(() => call(""));
