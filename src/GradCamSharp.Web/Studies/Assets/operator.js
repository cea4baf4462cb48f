// The operator's page: who was invited, how far everybody is, new links, the answers as a table. The server's token came with a cookie.

const element = (id) => document.getElementById(id);
let links = [];

async function call(path, body) {
  const response = await fetch(`/api/operator/${path}`, body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  return response;
}

async function attempt(action) {
  try {
    await action();
    element("trouble").hidden = true;
  } catch (error) {
    element("reason").textContent = error instanceof TypeError ? "The server does not answer. Is it still running?" : error.message;
    element("trouble").hidden = false;
  }
}

function cell(row, ...content) {
  const td = row.insertCell();
  td.append(...content);
  return td;
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    const { textContent } = button;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = textContent; }, 1500);
    element("announcement").textContent = "Copied.";
  } catch {
    // Browsers allow it on https and localhost alone.
    prompt("Copy:", text);
  }
}

function addRow(participant, pictures) {
  const row = element("participants").insertRow();
  cell(row, participant.name);
  cell(row, participant.note).className = "note";
  const progress = make("progress", { className: "bar", max: pictures, value: participant.answered });
  progress.setAttribute("aria-label", `Progress of ${participant.name}`);
  const text = participant.answered === pictures ? "finished" : participant.consented ? `${participant.answered} of ${pictures}` : "not begun";
  cell(row, progress, text);
  cell(row, participant.medianSeconds === null ? "–" : `${participant.medianSeconds.toFixed(1)} s`);
  cell(row, participant.lastAnswer === null ? "–" : new Date(participant.lastAnswer).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
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
  const study = JSON.parse(text);
  const { participants, pictures } = study;
  const sum = participants.reduce((total, p) => total + p.answered, 0);
  document.title = `Operator: ${study.title}`;
  element("title").textContent = study.title;
  element("lead").textContent = `${study.methods.join(" and ")} on ${pictures} pictures of ${study.classes.length} classes (${study.classes.join("; ")}), explained for ${study.model}.`;
  element("invited").textContent = participants.length;
  element("begun").textContent = participants.filter((p) => p.answered > 0).length;
  element("finished").textContent = participants.filter((p) => p.answered === pictures).length;
  element("answers").textContent = sum;
  element("possible").textContent = `answers of ${participants.length * pictures}`;
  element("participants").replaceChildren();
  links = participants.map((p) => addRow(p, pictures));
  element("table").hidden = participants.length === 0;
  element("empty").hidden = participants.length > 0;
}

element("invite").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    await call("invitations", { count: element("many").valueAsNumber, note: element("note").value });
    await refresh();
    element("announcement").textContent = "The links are made.";
  });
});
element("copyall").addEventListener("click", (event) => copy(links.join("\n"), event.currentTarget));
element("export").addEventListener("click", () => attempt(async () => {
  const url = URL.createObjectURL(await (await call("answers.csv")).blob());
  make("a", { href: url, download: "answers.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}));

attempt(refresh);
setInterval(() => { if (!document.hidden) attempt(refresh); }, 5000);
