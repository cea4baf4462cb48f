// The page's controls, and what they do.

import { choose, chooseLayer, chooseTarget, open, refresh, remember, showFile, showSample, useModel } from './app.js';
import { $, brush, element, fail, make, say } from './dom.js';
import { fromFragment, save } from './files.js';
import { listenToFilm } from './film.js';
import { named } from './labels.js';
import { buildMethods, showMethods } from './methods.js';
import { buildOther } from './other.js';
import { draw, panels, stem } from './panels.js';
import { adopt, colors, isClassifier, model, models, served, session, settings, takesFilms } from './session.js';
import { redrawStrip } from './strip.js';
import { isTarget } from './targets.js';
import { listenToTexts } from './texts.js';
import { view } from './view.js';

const controls = {
  model: element('model', HTMLSelectElement), layer: element('layer', HTMLSelectElement), colors: element('colors', HTMLSelectElement),
  opacity: element('opacity', HTMLInputElement), threshold: element('threshold', HTMLInputElement), box: element('box', HTMLInputElement),
  marks: element('marks', HTMLInputElement), hide: element('hide', HTMLInputElement), file: element('file', HTMLInputElement),
  className: element('class-name', HTMLInputElement), part: element('part', HTMLSelectElement),
};

const again = () => { refresh().catch(fail); };

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

/* Files. */

function saveJson() {
  const shown = panels.flatMap(p => p.shown ? [p.shown] : []);
  if (shown.length === 0 || !session.picture) return;
  const whole = structuredClone(shown[0].result), [result] = whole.results;
  const explanations = shown.map(({ answer: { map, maps, ...rest } }) => rest);
  const frames = result.frames?.map(({ seconds }) => ({ seconds }));
  const document = { ...whole, results: [{ ...result, ...frames && { frames }, input: session.picture.name, explanations }] };
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
  controls.marks.checked = state.marks;
  controls.hide.checked = state.hide;
  for (const radio of radios()) radio.checked = radio.value === state.view;
}

const radios = () => /** @type {NodeListOf<HTMLInputElement>} */ ($('views').querySelectorAll('input'));

function buildChoices() {
  controls.model.replaceChildren(...served.models.map(m => make('option', { value: m.name, textContent: m.name })));
  controls.colors.replaceChildren(...settings.colormaps.map(m => make('option', { value: m.name, textContent: m.name })));
  $('samples').replaceChildren(...settings.samples.map(name => {
    const picture = make('img', { src: `/samples/${encodeURIComponent(name)}`, alt: stem(name).replaceAll('-', ' '), loading: 'lazy' });
    const button = make('button', { onclick: () => { showSample(name).catch(fail); } }, picture);
    button.dataset.name = name;
    return make('li', {}, button);
  }));
  buildMethods(again);
  buildOther(open, again);
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
  bind(controls.marks, () => ({ marks: controls.marks.checked }));
  bind(controls.hide, () => ({ hide: controls.hide.checked }));
  bind($('views'), () => ({ view: [...radios()].find(r => r.checked)?.value ?? 'overlay' }));
  controls.model.addEventListener('change', () => {
    const before = model(), { state } = session, isUnchanged = String(state.methods) === before.method;
    Object.assign(state, { model: controls.model.value, cls: null, target: null, layer: null, texts: [] });
    // Who has chosen methods keeps them, but for those that the other model cannot be explained by.
    const kept = state.methods.filter(m => isClassifier() || served.methods.some(n => n.name === m && n.targets));
    state.methods = isUnchanged || kept.length === 0 ? [models[state.model].method] : kept;
    session.predictions = [];
    useModel().then(begun).catch(fail);
  });
  controls.layer.addEventListener('change', () => chooseLayer(controls.layer.value || null));
  controls.part.addEventListener('change', () => {
    const [whole] = session.shownTarget?.split('.') ?? [];
    if (whole) chooseTarget(controls.part.value ? `${whole}.${controls.part.value}` : whole);
  });
  $('other').addEventListener('submit', e => {
    e.preventDefault();
    const text = controls.className.value.trim();
    if (text === '') return;
    if (!isClassifier() || isTarget(text)) {
      chooseTarget(!isTarget(text) && named(text, model().labels) !== null ? `class:${text}` : text);
      return;
    }
    const index = named(text, model().labels);
    if (index === null) fail(new Error(`The model has no class “${text}”.`));
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

/** Shows what there is of the model that is chosen: a film is no picture, so a sample stands for it. */
const begun = () => takesFilms() || session.picture ? refresh() : showSample(session.state.sample ?? settings.samples[0]);

async function start() {
  const { picture } = session, sample = picture?.sample;
  adopt(fromFragment(location.hash));
  showSettings();
  showMethods();
  drawScale();
  await useModel();
  if (takesFilms() || (session.picture && (!sample || sample === session.state.sample))) await refresh();
  else if (session.state.sample) await showSample(session.state.sample);
}

/** Builds the page and shows its first picture. */
export async function begin() {
  buildChoices();
  listenToSettings();
  listenToPictures();
  listenToTools();
  listenToTexts(again);
  listenToFilm();
  await start();
}
