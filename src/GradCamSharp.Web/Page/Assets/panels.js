// The panels: the picture, and beside it a map a method.

import { $, brush, fail, make, words } from './dom.js';
import { kinds, npy, save } from './files.js';
import { floats, heatMap, largestPart, seenPart } from './heatmap.js';
import { levels, paint } from './paint.js';
import { colors, look, methods, session } from './session.js';
import { View } from './view.js';

/**
 * @typedef {import('./session.js').Picture} Picture
 * @typedef {import('./session.js').Pixels} Pixels
 * @typedef {import('./heatmap.js').Part} Part
 * @typedef {{ result: import('./api.js').Answer, answer: import('./api.js').Explanation, values: Float32Array, map: Uint8Array,
 *   what: string }} Shown A map that is shown, and what is said of it.
 * @typedef {{ method: string | null, picture: Picture, figure: HTMLElement, view: HTMLElement, canvas: HTMLCanvasElement, part: HTMLElement,
 *   frame: HTMLElement, whatElement: HTMLElement, image: ImageData, seen: Part | null, shown: Shown | null, excuse: string | null }} Panel
 */

export const view = new View(v => {
  $('zoom-value').textContent = `${Math.round(100 * v.zoom)} %`;
});

/** @type {Panel[]} The panels shown, first the picture's. */
export let panels = [];

/**
 * A bitmap's RGBA at a size, what is transparent on white.
 * @param {ImageBitmap} bitmap
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
export function pixels(bitmap, width, height) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas to draw on.');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

/** Makes the panels that are wanted; those that are there already stay. */
export function buildPanels() {
  const { picture, state } = session;
  if (!picture) return;
  const wanted = [null, ...state.methods];
  if (panels.length === wanted.length && panels.every((p, i) => p.method === wanted[i] && p.picture === picture)) {
    for (const panel of panels) panel.figure.setAttribute('aria-busy', String(panel.method !== null));
    return;
  }
  view.clear();
  panels = wanted.map(method => panels.find(p => p.method === method && p.picture === picture) ?? buildPanel(picture, method));
  const columns = panels.length <= 4 ? panels.length : Math.min(4, Math.ceil(panels.length / 2));
  $('panels').style.setProperty('--columns', String(columns));
  $('panels').replaceChildren(...panels.map(p => p.figure));
  for (const panel of panels) view.add(panel.view);
}

/**
 * @param {Picture} picture
 * @param {string | null} method
 * @returns {Panel}
 */
function buildPanel(picture, method) {
  const canvas = make('canvas', { width: picture.width, height: picture.height });
  const part = make('div', { className: 'part', hidden: true });
  const frame = make('div', { className: 'seen', hidden: true, title: 'The network sees only this part.' });
  const window = make('div', { className: 'view', tabIndex: 0 }, make('div', { className: 'paper' }, canvas, frame, part));
  window.setAttribute('role', 'img');
  window.style.aspectRatio = `${picture.width} / ${picture.height}`;
  window.style.maxWidth = `calc(72vh * ${picture.width / picture.height})`;
  const whatElement = make('span', { className: 'what' });
  const saves = make('span', { className: 'saves' });
  const title = method ? methods[method].title : 'The picture';
  const caption = make('figcaption', {}, make('strong', { textContent: title }), saves, whatElement);
  const figure = make('figure', { className: 'panel' }, window, caption);
  /** @type {Panel} */
  const panel = {
    method, picture, figure, view: window, canvas, part, frame, whatElement, image: new ImageData(picture.width, picture.height),
    seen: null, shown: null, excuse: null,
  };
  if (method) {
    figure.dataset.method = method;
    window.append(make('div', { className: 'note' }));
    figure.classList.add('waiting');
    saves.append(saveButton(panel, title, 'PNG', savePng), saveButton(panel, title, 'npy', saveNpy));
  } else {
    sayPicture(panel);
  }
  draw(panel);
  return panel;
}

/**
 * @param {Panel} panel
 * @param {string} title
 * @param {string} kind
 * @param {(panel: Panel, shown: Shown) => void | Promise<void>} action
 */
function saveButton(panel, title, kind, action) {
  const button = make('button', { className: 'button small', textContent: kind, disabled: true });
  button.onclick = async () => {
    try {
      if (panel.shown) await action(panel, panel.shown);
    } catch (error) {
      fail(error);
    }
  };
  button.setAttribute('aria-label', `Download ${title} as ${kind}`);
  return button;
}

/** @param {Panel} panel The picture's. */
function sayPicture(panel) {
  const { picture, seen } = panel;
  const part = seen ? '; the network sees only the framed part' : '';
  panel.whatElement.textContent = `${picture.name}, ${picture.bitmap.width} × ${picture.bitmap.height}${part}`;
  panel.view.setAttribute('aria-label', `The picture ${picture.name}${part}`);
}

/**
 * Frames what the network sees, in every panel.
 * @param {import('./api.js').Geometry} geometry
 */
export function frameSeen(geometry) {
  for (const panel of panels) frame(panel, geometry);
  if (panels.length > 0) sayPicture(panels[0]);
  $('crop-note').hidden = !panels[0]?.seen;
}

/**
 * @param {Panel} panel
 * @param {import('./api.js').Geometry} geometry
 */
function frame(panel, geometry) {
  const { width, height } = panel.picture, seen = seenPart(geometry, width, height);
  panel.seen = seen;
  panel.frame.hidden = !seen;
  if (seen) place(panel.frame, seen.left / width, seen.top / height, (seen.right - seen.left) / width, (seen.bottom - seen.top) / height);
}

/**
 * Lays an element over a part of the picture, given as shares of its size.
 * @param {HTMLElement} element
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 */
function place(element, left, top, width, height) {
  Object.assign(element.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * width}%`, height: `${100 * height}%` });
}

/** @param {Panel} panel */
function endWaiting(panel) {
  panel.figure.classList.remove('waiting');
  panel.figure.setAttribute('aria-busy', 'false');
  panel.view.querySelector('.note')?.remove();
}

/**
 * Shows an answer.
 * @param {Panel} panel
 * @param {import('./api.js').Answer} result
 */
export function fill(panel, result) {
  const { picture } = panel;
  const { geometry, explanations: [explanation] } = result.results[0];
  if (panel.method && panel.shown?.answer !== explanation) {
    const values = heatMap(explanation, methods[panel.method].pixel_space, geometry, picture.width, picture.height);
    panel.shown = { result, answer: explanation, values, map: levels(values), what: '' };
  }
  panel.excuse = null;
  frame(panel, geometry);
  endWaiting(panel);
  if (explanation.empty)
    panel.view.append(make('div', { className: 'note', textContent: 'No positive evidence for this class at this layer.' }));
  for (const button of panel.figure.querySelectorAll('button')) button.disabled = false;
  draw(panel);
}

/**
 * Shows why there is no map.
 * @param {Panel} panel
 * @param {unknown} error
 */
export function excuse(panel, error) {
  panel.excuse = words(error);
  panel.shown = null;
  endWaiting(panel);
  panel.view.append(make('div', { className: 'note', textContent: panel.excuse }));
  panel.whatElement.textContent = 'not available here';
  for (const button of panel.figure.querySelectorAll('button')) button.disabled = true;
  draw(panel);
}

/**
 * Draws a panel as the settings say.
 * @param {Panel} panel
 */
export function draw(panel) {
  paint(panel.image, panel.picture.data, panel.shown?.map ?? null, look(), colors[session.state.colors], panel.seen);
  brush(panel.canvas).putImageData(panel.image, 0, 0);
  if (panel.shown) mark(panel, panel.shown);
  else panel.part.hidden = true;
}

/**
 * The box above the threshold, in the picture's own pixels.
 * @param {Panel} panel
 * @param {Shown} shown
 */
function mark(panel, shown) {
  const { picture } = panel, { state } = session, { width, height } = picture.bitmap;
  const scale = width / picture.width;
  const box = state.threshold === 50 && scale > 1 ? shown.answer.box
    : largestPart(shown.values, picture.width, state.threshold / 100)?.map(v => Math.round(v * scale)) ?? null;
  panel.part.hidden = !state.box || !box;
  if (box) place(panel.part, box[0] / width, box[1] / height, box[2] / width, box[3] / height);
  const label = shown.answer.class.label.split(',')[0];
  shown.what = box ? `${label}, strongest in ${box[2]} × ${box[3]} at (${box[0]}, ${box[1]})` : `${label}, no positive evidence`;
  panel.whatElement.textContent = shown.what;
  panel.view.setAttribute('aria-label', `${methods[shown.answer.method].title}: ${shown.what}`);
}

/**
 * A file's name without its ending.
 * @param {string} name
 */
export const stem = name => name.replace(/\.[^.]*$/, '');

/** @param {Panel} panel */
const nameOf = panel => `${stem(panel.picture.name)}.${panel.method}`;

/**
 * @param {Panel} panel
 * @param {Shown} shown
 */
async function savePng(panel, shown) {
  const { picture } = panel, { state } = session, { width, height } = picture.bitmap;
  const { geometry } = shown.result.results[0];
  const whole = width === picture.width ? picture : pixels(picture.bitmap, width, height);
  const map = whole === picture ? shown.map : levels(heatMap(shown.answer, methods[shown.answer.method].pixel_space, geometry, width, height));
  const canvas = new OffscreenCanvas(width, height), image = new ImageData(width, height);
  paint(image, whole.data, map, look(), colors[state.colors], seenPart(geometry, width, height));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  save(await canvas.convertToBlob({ type: 'image/png' }), `${nameOf(panel)}.c${shown.answer.class.index}.${kinds[state.view]}.png`);
}

/**
 * @param {Panel} panel
 * @param {Shown} shown
 */
function saveNpy(panel, shown) {
  save(npy(floats(shown.answer.map.data), [1, 1, ...shown.answer.shape]), `${nameOf(panel)}.npy`);
}
