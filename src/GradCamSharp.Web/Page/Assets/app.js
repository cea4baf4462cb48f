// The page: pictures in, settings, and what is asked of the server for them.

import { get } from './api.js';
import { $, brush, element, fail, isGivenUp, make, say } from './dom.js';
import { commandLine, fromFragment, save, toFragment } from './files.js';
import { named } from './labels.js';
import { listClasses, listLayers } from './lists.js';
import { buildPanels, draw, excuse, fill, frameSeen, panels, pixels, stem, view } from './panels.js';
import { adopt, answer, colors, defaultLayer, forgetPicture, initial, methods, models, served, session, settings } from './session.js';
import { clearStrip, fillStrip, redrawStrip } from './strip.js';

const MOST_PIXELS = 1_600_000;

const controls = {
  model: element('model', HTMLSelectElement), layer: element('layer', HTMLSelectElement), colors: element('colors', HTMLSelectElement),
  opacity: element('opacity', HTMLInputElement), threshold: element('threshold', HTMLInputElement), box: element('box', HTMLInputElement),
  hide: element('hide', HTMLInputElement), file: element('file', HTMLInputElement), className: element('class-name', HTMLInputElement),
};

/* The state, and what follows from it. */

/** Keeps the state in the address and in the command line. */
function remember() {
  const { picture, state } = session;
  const shared = picture?.sample ? state : { ...state, sample: undefined };
  history.replaceState(null, '', toFragment(shared, initial));
  const model = models[state.model];
  const isDefault = model === served.models[0] && model.argument === model.name;
  $('command').textContent = commandLine(settings, state, picture?.path ?? 'PICTURE', isDefault ? null : model.argument);
}

/* Pictures. */

/**
 * Shows a picture and what is seen in it.
 * @param {Blob} file
 * @param {string} name
 * @param {string} path What a command line calls it.
 * @param {string | null} sample The sample that it is.
 */
async function show(file, name, path, sample) {
  const mine = ++session.turn;
  $('error').hidden = true;
  try {
    const { bytes } = served.limits;
    if (file.size > bytes) throw new Error(`The file is larger than ${Math.floor(bytes / 1048576)} MiB, the limit of this server.`);
    const bitmap = await createImageBitmap(file).catch(() => {
      throw new Error(`${name} is no picture that this browser can show. Give a JPEG, PNG, WebP, GIF or BMP file.`);
    });
    if (mine !== session.turn) return;
    const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
    const drawn = pixels(bitmap, Math.max(1, Math.round(bitmap.width * shrink)), Math.max(1, Math.round(bitmap.height * shrink)));
    forgetPicture();
    session.picture = { file, name, path, sample, bitmap, handle: null, small: null, ...drawn };
  } catch (error) {
    fail(error);
    return;
  }
  session.predictions = [];
  clearStrip();
  view.reset();
  for (const button of $('samples').querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.name === sample));
  await refresh();
}

/** @param {string} name */
async function showSample(name) {
  session.state.sample = name;
  const response = await fetch(`/samples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`The sample ${name} could not be loaded: ${response.status} ${response.statusText}.`);
  await show(await response.blob(), name, `samples/${name}`, name);
}

/** @param {File} file */
const showFile = file => show(file, file.name || 'pasted picture', file.name || 'PICTURE', null);

/* Explanations. */

async function refresh() {
  if (!session.picture) return;
  const mine = ++session.turn, started = performance.now();
  $('error').hidden = true;
  buildPanels();
  remember();
  const shown = await Promise.all(panels.map(async panel => {
    if (!panel.method) return null;
    try {
      const result = await answer(panel.method);
      if (mine === session.turn) fill(panel, result);
      return result;
    } catch (error) {
      if (mine === session.turn && !isGivenUp(error)) excuse(panel, error);
      return null;
    }
  }));
  if (mine !== session.turn) return;
  const first = shown.find(result => result !== null);
  if (!first) {
    if (session.predictions.length === 0) fail(new Error(panels.find(p => p.excuse)?.excuse ?? 'The picture could not be explained.'));
    return;
  }
  const { predictions, geometry, explanations: [explanation] } = first.results[0];
  session.predictions = predictions;
  session.shown = explanation.class.index;
  frameSeen(geometry);
  draw(panels[0]);
  listClasses(choose);
  $('layer-note').textContent = `${first.layer.name}: ${first.layer.reason}.`;
  $('timing').textContent = `${Math.round(performance.now() - started)} ms, of which the model ${first.timings.run_ms} ms`;
  say(panels.flatMap(({ shown: s }) => s ? [`${methods[s.answer.method].title}, ${s.answer.class.label}: ${s.what}.`] : []).join(' '));
  await fillStrip(chooseLayer);
}

let drawing = 0, remembering = 0;

function redraw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(() => {
    panels.forEach(draw);
    redrawStrip();
    drawScale();
    view.refresh();
  });
  clearTimeout(remembering);
  remembering = setTimeout(remember, 150);
}

function drawScale() {
  const context = brush(element('scale', HTMLCanvasElement)), image = context.createImageData(256, 1);
  for (let i = 0; i < 256; i++) image.data.set([...colors[session.state.colors].subarray(3 * i, 3 * i + 3), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

/** @param {number} index */
function choose(index) {
  session.state.cls = index;
  refresh().catch(fail);
}

/** @param {string | null} name Null for the default. */
function chooseLayer(name) {
  session.state.layer = name;
  controls.layer.value = name ?? '';
  refresh().catch(fail);
}

async function loadLayers() {
  const { state } = session, { model } = state;
  const { layers } = /** @type {{ layers: import('./api.js').Layer[] }} */ (await get(`/api/layers?model=${encodeURIComponent(model)}`));
  if (model !== session.state.model) return;
  session.layers = layers.filter(l => l.missing.length === 0);
  if (state.layer === defaultLayer() || !session.layers.some(l => l.name === state.layer)) state.layer = null;
  listLayers(controls.layer);
}

/* Files. */

function saveJson() {
  const shown = panels.flatMap(p => p.shown ? [p.shown] : []);
  if (shown.length === 0 || !session.picture) return;
  const whole = structuredClone(shown[0].result), [result] = whole.results;
  const explanations = shown.map(({ answer: { map, ...rest } }) => rest);
  const document = { ...whole, results: [{ ...result, input: session.picture.name, explanations }] };
  save(new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' }), `${stem(session.picture.name)}.json`);
}

/**
 * @param {string} text
 * @param {HTMLElement} button
 */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure origin there is no clipboard: select the text for the visitor's own keys.
    getSelection()?.selectAllChildren($('command'));
    say('Select and copy it yourself: the browser does not allow the page to.');
    return;
  }
  const before = button.textContent;
  button.textContent = 'Copied';
  say('Copied.');
  setTimeout(() => { button.textContent = before; }, 1500);
}

/* Wiring. */

function showSettings() {
  const { state } = session;
  controls.model.value = state.model;
  controls.colors.value = state.colors;
  controls.opacity.value = String(state.opacity);
  $('opacity-value').textContent = `${state.opacity} %`;
  controls.threshold.value = String(state.threshold);
  $('threshold-value').textContent = `${state.threshold} %`;
  controls.box.checked = state.box;
  controls.hide.checked = state.hide;
  for (const radio of inputsOf('views')) radio.checked = radio.value === state.view;
  for (const check of inputsOf('methods')) check.checked = state.methods.includes(check.value);
}

/** @param {string} id */
const inputsOf = id => /** @type {NodeListOf<HTMLInputElement>} */ ($(id).querySelectorAll('input'));

async function useModel() {
  $('labels').replaceChildren(...models[session.state.model].labels.map(l => make('option', { value: l })));
  await loadLayers();
}

function buildChoices() {
  controls.model.replaceChildren(...served.models.map(m => make('option', { value: m.name, textContent: m.name })));
  controls.colors.replaceChildren(...settings.colormaps.map(m => make('option', { value: m.name, textContent: m.name })));
  $('samples').replaceChildren(...settings.samples.map(name => {
    const picture = make('img', { src: `/samples/${encodeURIComponent(name)}`, alt: stem(name).replaceAll('-', ' '), loading: 'lazy' });
    const button = make('button', { onclick: () => { showSample(name).catch(fail); } }, picture);
    button.dataset.name = name;
    return make('li', {}, button);
  }));
  $('methods').replaceChildren(...served.methods.map(m => {
    const check = make('input', { type: 'checkbox', value: m.name });
    check.onchange = () => {
      const chosen = served.methods.map(n => n.name).filter(n => n === m.name ? check.checked : session.state.methods.includes(n));
      if (chosen.length === 0) check.checked = true;
      else session.state.methods = chosen;
      refresh().catch(fail);
    };
    return make('label', { title: `${m.summary}\n${m.equation}` }, check, make('span', { textContent: m.title }));
  }));
}

function listenToSettings() {
  /**
   * @param {HTMLElement} control
   * @param {() => Partial<import('./files.js').State>} read
   */
  const bind = (control, read) => control.addEventListener('input', () => {
    Object.assign(session.state, read());
    showSettings();
    redraw();
  });
  bind(controls.colors, () => ({ colors: controls.colors.value }));
  bind(controls.opacity, () => ({ opacity: Number(controls.opacity.value) }));
  bind(controls.threshold, () => ({ threshold: Number(controls.threshold.value) }));
  bind(controls.box, () => ({ box: controls.box.checked }));
  bind(controls.hide, () => ({ hide: controls.hide.checked }));
  bind($('views'), () => ({ view: [...inputsOf('views')].find(r => r.checked)?.value ?? 'overlay' }));
  controls.model.addEventListener('change', () => {
    Object.assign(session.state, { model: controls.model.value, cls: null, layer: null });
    session.predictions = [];
    useModel().then(refresh).catch(fail);
  });
  controls.layer.addEventListener('change', () => chooseLayer(controls.layer.value || null));
  $('other').addEventListener('submit', e => {
    e.preventDefault();
    const index = named(controls.className.value, models[session.state.model].labels);
    if (index === null) fail(new Error(`The model has no class “${controls.className.value}”.`));
    else choose(index);
  });
}

function listenToPictures() {
  controls.file.addEventListener('change', () => {
    const file = controls.file.files?.[0];
    if (file) showFile(file).catch(fail).finally(() => { controls.file.value = ''; });
  });
  /** @param {DragEvent} e */
  const hasFile = e => [...e.dataTransfer?.types ?? []].includes('Files');
  addEventListener('dragover', e => { if (hasFile(e)) { e.preventDefault(); $('veil').hidden = false; } });
  addEventListener('dragleave', e => { if (!e.relatedTarget) $('veil').hidden = true; });
  addEventListener('drop', e => {
    $('veil').hidden = true;
    if (!hasFile(e)) return;
    e.preventDefault();
    const file = e.dataTransfer?.files[0];
    if (file) showFile(file).catch(fail);
  });
  addEventListener('paste', e => {
    const file = [...e.clipboardData?.files ?? []].find(f => f.type.startsWith('image/'));
    if (file) showFile(file).catch(fail);
  });
  // Whoever leaves takes the picture along. Should the page come back, it is sent again.
  addEventListener('pagehide', forgetPicture);
}

function listenToTools() {
  $('zoom-in').onclick = () => view.by(1.5);
  $('zoom-out').onclick = () => view.by(1 / 1.5);
  $('zoom-reset').onclick = () => view.reset();
  $('copy').onclick = () => copy($('command').textContent ?? '', $('copy'));
  $('copy-link').onclick = () => { remember(); copy(location.href, $('copy-link')); };
  $('save-json').onclick = saveJson;
  addEventListener('hashchange', () => { start().catch(fail); });
}

async function start() {
  const { picture } = session, sample = picture?.sample;
  adopt(fromFragment(location.hash));
  showSettings();
  drawScale();
  await useModel();
  if (picture && (!sample || sample === session.state.sample)) await refresh();
  else if (session.state.sample) await showSample(session.state.sample);
}

/** Builds the page and shows its first picture. */
export async function begin() {
  buildChoices();
  listenToSettings();
  listenToPictures();
  listenToTools();
  await start();
}
