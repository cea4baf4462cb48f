// The page: pictures in, settings, lists, and what is asked of the server for them.

import { get } from './api.js';
import { $, fail, make, say } from './dom.js';
import { commandLine, fromFragment, save, toFragment } from './files.js';
import { buildPanels, draw, excuse, fill, panels, pixels, stem, view } from './panels.js';
import { adopt, answer, colors, forget, initial, methods, models, served, session, settings } from './session.js';
import { clearStrip, fillStrip, redrawStrip } from './strip.js';

const MOST_PIXELS = 1_600_000;

/* The state, and what follows from it. */

/** Keeps the state in the address and in the command line. */
function remember() {
  const { picture, state } = session;
  const shared = picture?.sample ? state : { ...state, sample: undefined };
  history.replaceState(null, '', toFragment(shared, initial));
  const model = models[state.model];
  $('command').textContent = commandLine(settings.command, state, picture?.path ?? 'PICTURE', model.argument, model === served.models[0] && model.argument === model.name);
}

/* Pictures. */

async function show(file, name, path, sample) {
  const mine = ++session.turn;
  $('error').hidden = true;
  try {
    if (file.size > served.limits.bytes) throw new Error(`The file is larger than ${Math.floor(served.limits.bytes / 1048576)} MiB, the limit of this server.`);
    const bitmap = await createImageBitmap(file).catch(() => { throw new Error(`${name} is no picture that this browser can show. Give a JPEG, PNG, WebP, GIF or BMP file.`); });
    if (mine !== session.turn) return;
    const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
    session.picture = { file, name, path, sample, bitmap, ...pixels(bitmap, Math.max(1, Math.round(bitmap.width * shrink)), Math.max(1, Math.round(bitmap.height * shrink))) };
  } catch (error) {
    fail(error);
    return;
  }
  forget();
  session.predictions = [];
  clearStrip();
  view.reset();
  for (const button of $('samples').querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.name === sample));
  await refresh();
}

async function showSample(name) {
  session.state.sample = name;
  const response = await fetch(`/samples/${encodeURIComponent(name)}`);
  await show(await response.blob(), name, `samples/${name}`, name);
}

const showFile = file => show(file, file.name || 'pasted picture', file.name || 'PICTURE', null);

/* Explanations. */

async function refresh() {
  if (!session.picture) return;
  const mine = ++session.turn, started = performance.now();
  $('error').hidden = true;
  buildPanels();
  remember();
  const shown = await Promise.all(panels.filter(p => p.method).map(async panel => {
    try {
      const result = await answer(panel.method);
      if (mine === session.turn) fill(panel, result);
      return result;
    } catch (error) {
      if (mine === session.turn && error.name !== 'AbortError') excuse(panel, error);
      return null;
    }
  }));
  if (mine !== session.turn) return;
  const first = shown.find(Boolean);
  if (!first) {
    if (session.predictions.length === 0) fail(new Error(panels.find(p => p.excuse)?.excuse ?? 'The picture could not be explained.'));
    return;
  }
  session.predictions = first.results[0].predictions;
  session.shown = first.results[0].explanations[0].class.index;
  listClasses();
  $('layer-note').textContent = `${first.layer.name}: ${first.layer.reason}.`;
  $('timing').textContent = `${Math.round(performance.now() - started)} ms, of which the model ${first.timings.run_ms} ms`;
  say(panels.filter(p => p.what).map(p => `${methods[p.method].title}, ${p.answer.class.label}: ${p.what}.`).join(' '));
  await fillStrip(chooseLayer);
}

let drawing = 0;
function redraw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(() => {
    panels.forEach(draw);
    redrawStrip();
    drawScale();
    view.refresh();
  });
  clearTimeout(redraw.later);
  redraw.later = setTimeout(remember, 150);
}

function drawScale() {
  const context = $('scale').getContext('2d'), image = context.createImageData(256, 1);
  for (let i = 0; i < 256; i++) image.data.set([...colors[session.state.colors].subarray(3 * i, 3 * i + 3), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

/* Lists. */

function listClasses() {
  const { predictions, shown, state } = session;
  const label = models[state.model].labels[shown];
  const rows = predictions.some(p => p.index === shown) ? predictions : [...predictions, { index: shown, label, probability: null }];
  const focused = document.activeElement?.closest('#classes button')?.dataset.index;
  $('classes').replaceChildren(...rows.map(p => {
    const fillBar = make('span', { className: 'fill' });
    fillBar.style.transform = `scaleX(${p.probability ?? 0})`;
    const percent = p.probability === null ? 'less' : `${(100 * p.probability).toFixed(1)} %`;
    const button = make('button', { onclick: () => choose(p.index) },
      make('span', { className: 'label', textContent: p.label.split(',')[0], title: p.label }), make('span', { className: 'percent', textContent: percent }),
      make('span', { className: 'track' }, fillBar));
    button.dataset.index = p.index;
    button.setAttribute('aria-pressed', String(p.index === shown));
    return make('li', {}, button);
  }));
  if (focused !== undefined) $('classes').querySelector(`[data-index="${focused}"]`)?.focus();
}

function choose(index) {
  session.state.cls = index;
  refresh().catch(fail);
}

function chooseLayer(name) {
  session.state.layer = name;
  $('layer').value = name ?? '';
  refresh().catch(fail);
}

async function loadLayers() {
  const { state } = session, { model } = state;
  const { layers: all } = await get(`/api/layers?model=${encodeURIComponent(model)}`);
  if (model !== session.state.model) return;
  session.layers = all.filter(l => l.missing.length === 0);
  const { layers } = session, chosen = layers.find(l => l.default);
  if (state.layer && !layers.some(l => l.name === state.layer)) state.layer = null;
  $('layer').replaceChildren(make('option', { value: '', textContent: `${chosen ? short(chosen) : 'chosen by the tool'} (the default)` }),
    ...layers.filter(l => !l.default).map(l => make('option', { value: l.name, textContent: short(l) })));
  $('layer').value = state.layer ?? '';
}

const short = layer => `${layer.name.split('/').slice(-2).join('/')}  ${layer.map.join(' × ')}`;

/* Files. */

function saveJson() {
  const shown = panels.filter(p => p.answer);
  if (shown.length === 0) return;
  const document = structuredClone(shown[0].result);
  document.results[0].input = session.picture.name;
  document.results[0].explanations = shown.map(({ answer: { map, ...rest } }) => rest);
  save(new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' }), `${stem(session.picture.name)}.json`);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure origin there is no clipboard: select the text for the visitor's own keys.
    getSelection().selectAllChildren($('command'));
    say('Select and copy it yourself: the browser does not allow the page to.');
    return;
  }
  const before = button.textContent;
  button.textContent = 'Copied';
  say('Copied.');
  setTimeout(() => { button.textContent = before; }, 1500);
}

/* Wiring. */

function bind(id, name, read) {
  $(id).addEventListener('input', () => {
    session.state[name] = read($(id));
    showSettings();
    redraw();
  });
}

function showSettings() {
  const { state } = session;
  $('model').value = state.model;
  $('colors').value = state.colors;
  $('opacity').value = state.opacity;
  $('opacity-value').textContent = `${state.opacity} %`;
  $('threshold').value = state.threshold;
  $('threshold-value').textContent = `${state.threshold} %`;
  $('box').checked = state.box;
  $('hide').checked = state.hide;
  for (const radio of document.querySelectorAll('#views input')) radio.checked = radio.value === state.view;
  for (const check of document.querySelectorAll('#methods input')) check.checked = state.methods.includes(check.value);
}

async function useModel() {
  $('labels').replaceChildren(...models[session.state.model].labels.map(l => make('option', { value: l })));
  await loadLayers();
}

function build() {
  $('model').replaceChildren(...served.models.map(m => make('option', { value: m.name, textContent: m.name })));
  $('colors').replaceChildren(...settings.colormaps.map(m => make('option', { value: m.name, textContent: m.name })));
  $('samples').replaceChildren(...settings.samples.map(name => {
    const button = make('button', { onclick: () => showSample(name).catch(fail) }, make('img', { src: `/samples/${encodeURIComponent(name)}`, alt: stem(name).replaceAll('-', ' '), loading: 'lazy' }));
    button.dataset.name = name;
    return make('li', {}, button);
  }));
  $('methods').replaceChildren(...served.methods.map(m => {
    const check = make('input', { type: 'checkbox', value: m.name, onchange: () => {
      const chosen = served.methods.map(n => n.name).filter(n => n === m.name ? check.checked : session.state.methods.includes(n));
      if (chosen.length === 0) check.checked = true;
      else session.state.methods = chosen;
      refresh().catch(fail);
    } });
    return make('label', { title: `${m.summary}\n${m.equation}` }, check, make('span', { textContent: m.title }));
  }));

  bind('colors', 'colors', e => e.value);
  bind('opacity', 'opacity', e => Number(e.value));
  bind('threshold', 'threshold', e => Number(e.value));
  bind('box', 'box', e => e.checked);
  bind('hide', 'hide', e => e.checked);
  $('views').addEventListener('input', e => { session.state.view = e.target.value; redraw(); });
  $('model').addEventListener('change', async () => {
    Object.assign(session.state, { model: $('model').value, cls: null, layer: null });
    session.predictions = [];
    await useModel().then(refresh).catch(fail);
  });
  $('layer').addEventListener('change', () => chooseLayer($('layer').value || null));
  $('other').addEventListener('submit', e => {
    e.preventDefault();
    const wanted = $('class-name').value.trim().toLowerCase(), { labels } = models[session.state.model];
    const index = /^\d+$/.test(wanted) && Number(wanted) < labels.length ? Number(wanted)
      : [l => l === wanted, l => l.split(',').some(s => s.trim() === wanted), l => wanted && l.startsWith(wanted)].map(f => labels.findIndex(l => f(l.toLowerCase()))).find(i => i >= 0);
    if (index === undefined) fail(new Error(`The model has no class “${$('class-name').value}”.`));
    else choose(index);
  });

  $('file').addEventListener('change', () => { if ($('file').files[0]) showFile($('file').files[0]).finally(() => { $('file').value = ''; }); });
  const hasFile = e => [...e.dataTransfer?.types ?? []].includes('Files');
  addEventListener('dragover', e => { if (hasFile(e)) { e.preventDefault(); $('veil').hidden = false; } });
  addEventListener('dragleave', e => { if (!e.relatedTarget) $('veil').hidden = true; });
  addEventListener('drop', e => {
    $('veil').hidden = true;
    if (!hasFile(e)) return;
    e.preventDefault();
    showFile(e.dataTransfer.files[0]);
  });
  addEventListener('paste', e => {
    const file = [...e.clipboardData?.files ?? []].find(f => f.type.startsWith('image/'));
    if (file) showFile(file);
  });
  $('zoom-in').onclick = () => view.by(1.5);
  $('zoom-out').onclick = () => view.by(1 / 1.5);
  $('zoom-reset').onclick = () => view.reset();
  $('copy').onclick = () => copy($('command').textContent, $('copy'));
  $('copy-link').onclick = () => { remember(); copy(location.href, $('copy-link')); };
  $('save-json').onclick = saveJson;
  addEventListener('hashchange', () => start().catch(fail));
}

async function start() {
  const { picture } = session, sample = picture?.sample;
  adopt(fromFragment(location.hash));
  showSettings();
  drawScale();
  await useModel();
  if (picture && (!sample || sample === session.state.sample)) await refresh();
  else await showSample(session.state.sample);
}

build();
await start().catch(fail);
document.documentElement.dataset.ready = 'true';
