import * as ort from "./ort/ort.wasm.min.mjs";
import { readMetadata } from "./metadata.js";
import { draw, mapOf, prepare } from "./picture.js";

// Several threads need a page that is isolated from others by its server's headers; one works everywhere.
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL("./ort/", import.meta.url).href;

const element = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let model, bitmap, shown;

function say(text, bad = false) {
  element("status").textContent = text;
  element("status").classList.toggle("bad", bad);
}

async function loadModel(buffer, name) {
  say(`opening ${name}`);
  const bytes = new Uint8Array(buffer);
  const metadata = readMetadata(bytes);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const methods = session.outputNames.filter((n) => n.startsWith("explain_") && n !== "explain_classes");
  if (methods.length === 0 || !session.outputNames.includes("explain_classes"))
    throw new Error(`${name} has no explanation inside. Write one with: gradcam export MODEL -o model.onnx --top 3`);
  const labels = JSON.parse(metadata["gradcam.labels"] ?? "[]");
  const preprocessor = JSON.parse(metadata["gradcam.preprocessor"]
    ?? '{"size":{"shortest_edge":256},"crop_size":{"width":224,"height":224},"image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}');
  const names = (metadata["gradcam.methods"] ?? "").split(",");
  model = { session, methods, titles: methods.map((m, i) => names[i] || m.slice(8)), labels, preprocessor, channelsLast: session.inputMetadata?.[0]?.shape?.at(-1) === 3 };
  say(`${metadata["gradcam.source.name"] ?? name}: layer ${metadata["gradcam.layer"] ?? "unknown"}, ${(bytes.length / 1e6).toFixed(1)} MB, written by gradcam ${metadata["gradcam.version"] ?? ""}`);
  if (bitmap) await explain();
}

async function explain() {
  const { session, preprocessor, channelsLast } = model;
  const prepared = prepare(bitmap, preprocessor, channelsLast);
  const { width, height } = prepared.size;
  const input = new ort.Tensor("float32", prepared.values, channelsLast ? [1, height, width, 3] : [1, 3, height, width]);
  const answers = await session.run({ [session.inputNames[0]]: input });
  const scores = Array.from(answers[session.outputNames[0]].data, Number);
  const sum = scores.reduce((a, b) => a + b, 0);
  const exponents = scores.map((s) => Math.exp(s - Math.max(...scores)));
  const probabilities = Math.abs(sum - 1) < 1e-3 && Math.min(...scores) >= 0 ? scores : exponents.map((e) => e / exponents.reduce((a, b) => a + b, 0));
  const classes = Array.from(answers.explain_classes.data, Number);
  shown = { answers, box: prepared.box, classes, probabilities, class: 0, method: 0 };
  choices("classes", "found", classes.map((c) => ({ text: (model.labels[c] ?? `class ${c}`).split(",")[0], share: probabilities[c] })), (i) => (shown.class = i));
  choices("methods", "how", model.titles.map((text) => ({ text })), (i) => (shown.method = i));
  paint();
}

function choices(id, card, items, choose) {
  const buttons = items.map(({ text, share }, i) => {
    const button = document.createElement("button");
    button.textContent = text;
    button.setAttribute("aria-pressed", i === 0);
    if (share !== undefined) {
      const figure = Object.assign(document.createElement("span"), { className: "share", textContent: `${(100 * share).toFixed(1)} %` });
      const bar = Object.assign(document.createElement("span"), { className: "bar" });
      bar.style.width = `${100 * share}%`;
      button.append(figure, bar);
    }
    button.onclick = () => {
      choose(i);
      buttons.forEach((b) => b.setAttribute("aria-pressed", b === button));
      paint();
    };
    return button;
  });
  element(id).replaceChildren(...buttons);
  element(card).hidden = false;
}

function paint() {
  element("invite").hidden = true;
  element("canvas").hidden = false;
  const map = shown && mapOf(shown.answers[model.methods[shown.method]], shown.class);
  draw(element("canvas"), bitmap, map, shown?.box, Number(element("opacity").value));
  element("canvas").title = shown && !map ? "No positive evidence for this class at this layer." : "";
}

async function take(file) {
  try {
    if (file.name.endsWith(".onnx")) {
      await loadModel(await file.arrayBuffer(), file.name);
    } else {
      bitmap = await createImageBitmap(file);
      shown = undefined;
      paint();
      if (model) await explain();
    }
  } catch (e) {
    say(e.message, true);
  }
}

const stage = element("stage");
stage.onclick = () => element("file").click();
stage.onkeydown = (e) => (e.key === "Enter" || e.key === " ") && element("file").click();
element("file").onchange = (e) => e.target.files[0] && take(e.target.files[0]);
element("opacity").oninput = () => bitmap && paint();
for (const kind of ["dragenter", "dragover"])
  document.addEventListener(kind, (e) => { e.preventDefault(); stage.classList.add("over"); });
for (const kind of ["dragleave", "drop"])
  document.addEventListener(kind, (e) => { e.preventDefault(); stage.classList.remove("over"); });
document.addEventListener("drop", (e) => [...e.dataTransfer.files].forEach(take));

try {
  const name = asked.get("model") ?? "model.onnx";
  const response = await fetch(name);
  if (response.ok) await loadModel(await response.arrayBuffer(), name);
  else say("There is no model.onnx beside this page. Write one with gradcam export, or drop an exported .onnx here.");
  const picture = asked.get("picture");
  if (picture) await take(new File([await (await fetch(picture)).blob()], picture));
} catch (e) {
  say(e.message, true);
}
