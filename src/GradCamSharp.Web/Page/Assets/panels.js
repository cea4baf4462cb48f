// The panels: the picture, and beside it a map a method.

import { $, fail, make } from './dom.js';
import { npy, save } from './files.js';
import { floats, heatMap, largestPart } from './heatmap.js';
import { levels, paint } from './paint.js';
import { colors, look, methods, session } from './session.js';
import { View } from './view.js';

export const view = new View(v => {
  $('zoom-value').textContent = `${Math.round(100 * v.zoom)} %`;
});

/** The panels shown, first the picture's. */
export let panels = [];

/** A bitmap's RGBA at a size, what is transparent on white. */
export function pixels(bitmap, width, height) {
  const canvas = new OffscreenCanvas(width, height), context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

/** Makes the panels that are wanted; those that are there already stay. */
export function buildPanels() {
  const { picture, state } = session;
  const wanted = [null, ...state.methods];
  if (panels.length === wanted.length && panels.every((p, i) => p.method === wanted[i] && p.picture === picture)) {
    for (const panel of panels) panel.figure.setAttribute('aria-busy', String(panel.method !== null));
    return;
  }
  view.clear();
  panels = wanted.map(method => panels.find(p => p.method === method && p.picture === picture) ?? buildPanel(method));
  $('panels').style.setProperty('--columns', panels.length <= 4 ? panels.length : Math.min(4, Math.ceil(panels.length / 2)));
  $('panels').replaceChildren(...panels.map(p => p.figure));
  for (const panel of panels) view.add(panel.view);
}

function buildPanel(method) {
  const { picture } = session;
  const canvas = make('canvas', { width: picture.width, height: picture.height });
  const part = make('div', { className: 'part', hidden: true });
  const frame = make('div', { className: 'view', tabIndex: 0 }, make('div', { className: 'paper' }, canvas, part));
  frame.setAttribute('role', 'img');
  frame.style.aspectRatio = `${picture.width} / ${picture.height}`;
  frame.style.maxWidth = `calc(72vh * ${picture.width / picture.height})`;
  const what = make('span', { className: 'what' });
  const saves = make('span', { className: 'saves' });
  const title = method ? methods[method].title : 'The picture';
  const figure = make('figure', { className: 'panel' }, frame, make('figcaption', {}, make('strong', { textContent: title }), saves, what));
  const panel = { method, picture, figure, view: frame, canvas, part, whatElement: what, image: new ImageData(picture.width, picture.height), map: null };
  if (method) {
    figure.dataset.method = method;
    frame.append(make('div', { className: 'note' }));
    figure.classList.add('waiting');
    for (const [kind, action] of [['PNG', savePng], ['npy', saveNpy]]) {
      const button = make('button', { className: 'button small', textContent: kind, disabled: true, onclick: () => action(panel).catch(fail) });
      button.setAttribute('aria-label', `Download ${title} as ${kind}`);
      saves.append(button);
    }
  } else {
    what.textContent = `${picture.name}, ${picture.bitmap.width} × ${picture.bitmap.height}`;
    frame.setAttribute('aria-label', `The picture ${picture.name}`);
  }
  draw(panel);
  return panel;
}

/** Shows an answer. */
export function fill(panel, result) {
  const { picture } = session;
  const { geometry, explanations: [explanation] } = result.results[0];
  panel.result = result;
  if (panel.answer !== explanation) {
    panel.answer = explanation;
    panel.values = heatMap(explanation, methods[panel.method].pixel_space, geometry, picture.width, picture.height);
    panel.map = levels(panel.values);
  }
  panel.excuse = null;
  panel.figure.classList.remove('waiting');
  panel.figure.setAttribute('aria-busy', 'false');
  panel.view.querySelector('.note')?.remove();
  if (explanation.empty) panel.view.append(make('div', { className: 'note', textContent: 'No positive evidence for this class at this layer.' }));
  for (const button of panel.figure.querySelectorAll('.saves button')) button.disabled = false;
  draw(panel);
}

/** Shows why there is no map. */
export function excuse(panel, error) {
  panel.excuse = error.message;
  panel.answer = panel.map = panel.values = panel.what = null;
  panel.figure.classList.remove('waiting');
  panel.figure.setAttribute('aria-busy', 'false');
  panel.view.querySelector('.note')?.remove();
  panel.view.append(make('div', { className: 'note', textContent: error.message }));
  panel.whatElement.textContent = 'not available here';
  draw(panel);
}

/** Draws a panel as the settings say. */
export function draw(panel) {
  const { picture, state } = session;
  paint(panel.image, picture.data, panel.map, look(), colors[state.colors]);
  panel.canvas.getContext('2d').putImageData(panel.image, 0, 0);
  if (panel.map) mark(panel);
  else panel.part.hidden = true;
}

/** The box above the threshold, in the picture's own pixels. */
function mark(panel) {
  const { picture, state } = session;
  const scale = picture.bitmap.width / picture.width;
  const found = largestPart(panel.values, picture.width, state.threshold / 100);
  const box = state.threshold === 50 && scale > 1 ? panel.answer.box : found?.map(v => Math.round(v * scale)) ?? null;
  panel.box = box;
  panel.part.hidden = !state.box || !box;
  if (box) {
    const { width, height } = picture.bitmap;
    Object.assign(panel.part.style, {
      left: `${100 * box[0] / width}%`, top: `${100 * box[1] / height}%`, width: `${100 * box[2] / width}%`, height: `${100 * box[3] / height}%`,
    });
  }
  panel.what = box ? `${panel.answer.class.label.split(',')[0]}, strongest in ${box[2]} × ${box[3]} at (${box[0]}, ${box[1]})`
    : `${panel.answer.class.label.split(',')[0]}, no positive evidence`;
  panel.whatElement.textContent = panel.what;
  panel.view.setAttribute('aria-label', `${methods[panel.method].title}: ${panel.what}`);
}

/** A file's name without its ending. */
export const stem = name => name.replace(/\.[^.]*$/, '');

const nameOf = panel => `${stem(session.picture.name)}.${panel.method}`;

async function savePng(panel) {
  const { picture, state } = session;
  const { width, height } = picture.bitmap, whole = width === picture.width ? picture : pixels(picture.bitmap, width, height);
  const canvas = new OffscreenCanvas(width, height), image = new ImageData(width, height);
  const map = whole === picture ? panel.map : levels(heatMap(panel.answer, methods[panel.method].pixel_space, panel.result.results[0].geometry, width, height));
  paint(image, whole.data, map, look(), colors[state.colors]);
  canvas.getContext('2d').putImageData(image, 0, 0);
  const kind = { overlay: 'overlay', alone: 'heatmap', masked: 'masked' }[state.view];
  save(await canvas.convertToBlob({ type: 'image/png' }), `${nameOf(panel)}.c${panel.answer.class.index}.${kind}.png`);
}

async function saveNpy(panel) {
  save(npy(floats(panel.answer.map.data), [1, 1, ...panel.answer.shape]), `${nameOf(panel)}.npy`);
}
