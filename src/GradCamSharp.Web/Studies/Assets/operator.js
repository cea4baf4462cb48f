// The operator's page: who was invited, how far everybody is, new links, the answers as a table. The server's token came with a cookie.

import { $, element, make, words } from "./dom.js";

/**
 * @typedef {{ name: string, note: string, link: string, consented: boolean, answered: number, lastAnswer: string | null,
 *   medianSeconds: number | null }} Invited
 * @typedef {{ title: string, methods: string[], model: string, classes: string[], pictures: number, participants: Invited[] }} Progress
 */

/** @type {string[]} */
let links = [];

/**
 * @param {string} path
 * @param {object} [body]
 */
async function call(path, body) {
  const response = await fetch(`/api/operator/${path}`, body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  return response;
}

/** @param {() => Promise<void>} action */
async function attempt(action) {
  try {
    await action();
    $("trouble").hidden = true;
  } catch (error) {
    $("reason").textContent = error instanceof TypeError ? "The server does not answer. Is it still running?" : words(error);
    $("trouble").hidden = false;
  }
}

/**
 * @param {HTMLTableRowElement} row
 * @param {(Node | string)[]} content
 */
function cell(row, ...content) {
  const td = row.insertCell();
  td.append(...content);
  return td;
}

/**
 * @param {string} text
 * @param {HTMLElement} button
 */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    const { textContent } = button;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = textContent; }, 1500);
    $("announcement").textContent = "Copied.";
  } catch {
    // Browsers allow it on https and localhost alone.
    prompt("Copy:", text);
  }
}

/**
 * @param {Invited} participant
 * @param {number} pictures
 */
function addRow(participant, pictures) {
  const row = element("participants", HTMLTableSectionElement).insertRow();
  cell(row, participant.name);
  cell(row, participant.note).className = "note";
  const progress = make("progress", { className: "bar", max: pictures, value: participant.answered });
  progress.setAttribute("aria-label", `Progress of ${participant.name}`);
  const text = participant.answered === pictures ? "finished" : participant.consented ? `${participant.answered} of ${pictures}` : "not begun";
  cell(row, progress, text);
  cell(row, participant.medianSeconds === null ? "–" : `${participant.medianSeconds.toFixed(1)} s`);
  const { lastAnswer } = participant;
  cell(row, lastAnswer === null ? "–" : new Date(lastAnswer).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
  const link = new URL(participant.link, location.origin).href;
  const button = make("button", { type: "button", className: "quiet", textContent: "Copy link" });
  button.setAttribute("aria-label", `Copy link of ${participant.name}`);
  button.addEventListener("click", () => copy(link, button));
  cell(row, button, make("code", { textContent: `…${participant.link.slice(0, 9)}…` }));
  return link;
}

let shown = "";

async function refresh() {
  const text = await (await call("progress")).text();
  // Untouched while nothing changes: a button that has the focus keeps it.
  if (text === shown) return;
  shown = text;
  const study = /** @type {Progress} */ (JSON.parse(text));
  const { participants, pictures } = study;
  const sum = participants.reduce((total, p) => total + p.answered, 0);
  const classes = `${study.classes.length} classes (${study.classes.join("; ")})`;
  document.title = `Operator: ${study.title}`;
  $("title").textContent = study.title;
  $("lead").textContent = `${study.methods.join(" and ")} on ${pictures} pictures of ${classes}, explained for ${study.model}.`;
  $("invited").textContent = String(participants.length);
  $("begun").textContent = String(participants.filter((p) => p.answered > 0).length);
  $("finished").textContent = String(participants.filter((p) => p.answered === pictures).length);
  $("answers").textContent = String(sum);
  $("possible").textContent = `answers of ${participants.length * pictures}`;
  $("participants").replaceChildren();
  links = participants.map((p) => addRow(p, pictures));
  $("table").hidden = participants.length === 0;
  $("empty").hidden = participants.length > 0;
}

$("invite").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    await call("invitations", { count: element("many", HTMLInputElement).valueAsNumber, note: element("note", HTMLInputElement).value });
    await refresh();
    $("announcement").textContent = "The links are made.";
  });
});
$("copyall").addEventListener("click", () => copy(links.join("\n"), $("copyall")));
$("export").addEventListener("click", () => attempt(async () => {
  const url = URL.createObjectURL(await (await call("answers.csv")).blob());
  make("a", { href: url, download: "answers.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}));

attempt(refresh);
setInterval(() => { if (!document.hidden) attempt(refresh); }, 5000);
