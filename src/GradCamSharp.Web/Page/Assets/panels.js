// The panels: the picture, and beside it a map a method.

import { $, brush, fail, make, words } from './dom.js';
import { kinds, npy, save } from './files.js';
import { drawn, drawnFrame, floats, largestPart, seenPart } from './heatmap.js';
import { drawMarks, listenForPicks } from './marks.js';
import { conceptColors, paint, palette } from './paint.js';
import { colors, isTexts, look, methods, session, signedColors } from './session.js';
import { view } from './view.js';

/**
 * @typedef {import('./session.js').Picture} Picture
 * @typedef {import('./session.js').Pixels} Pixels
 * @typedef {import('./heatmap.js').Part} Part
 * @typedef {import('./heatmap.js').Drawn} Drawn
 * @typedef {{ result: import('./api.js').Answer, answer: import('./api.js').Explanation, drawn: Drawn, what: string }} Shown A map that is
 *   shown, and what is said of it.
 * @typedef {{ method: string | null, picture: Picture, figure: HTMLElement, view: HTMLElement, canvas: HTMLCanvasElement, part: HTMLElement,
 *   frame: HTMLElement, marks: HTMLElement, notes: HTMLElement, whatElement: HTMLElement, legend: HTMLElement, image: ImageData, seen: Part | null, shown: Shown | null, problem: string | null }} Panel
 */

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

/**
 * Makes the panels that are wanted; those that are there already stay.
 * @param {Picture[]} pictures
 * @param {(target: string) => void} choose Takes the target of a place that is clicked.
 */
export function buildPanels(pictures, choose) {
  const wanted = pictures.flatMap(picture => [null, ...session.state.methods].map(method => ({ picture, method })));
  if (panels.length === wanted.length && panels.every((p, i) => p.method === wanted[i].method && p.picture === wanted[i].picture)) {
    for (const panel of panels) panel.figure.setAttribute('aria-busy', String(panel.method !== null));
    return;
  }
  view.clear();
  panels = wanted.map(({ picture, method }) =>
    panels.find(p => p.method === method && p.picture === picture) ?? buildPanel(picture, method, choose));
  const across = panels.length / pictures.length;
  const columns = across <= 4 ? across : Math.min(4, Math.ceil(across / 2));
  $('panels').style.setProperty('--columns', String(columns));
  $('panels').replaceChildren(...panels.map(p => p.figure));
  for (const panel of panels) view.add(panel.view);
}

/**
 * @param {Picture} picture
 * @param {string | null} method
 * @param {(target: string) => void} choose
 * @returns {Panel}
 */
function buildPanel(picture, method, choose) {
  const canvas = make('canvas', { width: picture.width, height: picture.height });
  const part = make('div', { className: 'part', hidden: true });
  const frame = make('div', { className: 'seen', hidden: true, title: 'The network sees only this part.' });
  const marks = make('div', { className: 'marks' });
  marks.setAttribute('aria-hidden', 'true');
  const window = make('div', { className: 'view', tabIndex: 0 }, make('div', { className: 'paper' }, canvas, frame, marks, part));
  window.setAttribute('role', 'img');
  window.style.aspectRatio = `${picture.width} / ${picture.height}`;
  window.style.maxWidth = `calc(72vh * ${picture.width / picture.height})`;
  const whatElement = make('span', { className: 'what' });
  const saves = make('span', { className: 'saves' });
  const title = method ? methods[method].title : picture.film ? 'The film' : 'The picture';
  const legend = make('div', { className: 'legend', hidden: true });
  const caption = make('figcaption', {}, make('strong', { textContent: title }), saves, whatElement, legend);
  // Beside the picture, not in it: what is said there may have buttons.
  const notes = make('div', { className: 'over' }, window);
  const figure = make('figure', { className: 'panel' }, notes, caption);
  /** @type {Panel} */
  const panel = {
    method, picture, figure, view: window, canvas, part, frame, marks, notes, whatElement, legend, image: new ImageData(picture.width, picture.height),
    seen: null, shown: null, problem: null,
  };
  if (method) {
    figure.dataset.method = method;
    window.setAttribute('aria-label', `${title}: not computed yet`);
    notes.append(make('div', { className: 'note' }));
    figure.classList.add('waiting');
    figure.setAttribute('aria-busy', 'true');
    saves.append(saveButton(panel, title, 'PNG', savePng), ...picture.film ? [] : [saveButton(panel, title, 'npy', saveNpy)]);
  } else {
    sayPicture(panel);
    listenForPicks(window, { width: picture.bitmap.width, height: picture.bitmap.height }, choose);
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
  const frames = picture.film ? `, ${picture.film.frames.length} frames` : '';
  panel.whatElement.textContent = `${picture.name}, ${picture.bitmap.width} × ${picture.bitmap.height}${frames}${part}`;
  panel.view.setAttribute('aria-label', `The ${picture.film ? 'film' : 'picture'} ${picture.name}${part}`);
}

/**
 * Frames what the network sees of a picture, in every panel that shows it.
 * @param {Picture} picture
 * @param {import('./api.js').Geometry} geometry
 */
export function frameSeen(picture, geometry) {
  for (const panel of panels.filter(p => p.picture === picture)) {
    frame(panel, geometry);
    if (panel.method === null) sayPicture(panel);
  }
  $('crop-note').hidden = !panels.some(p => p.seen);
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
  panel.figure.classList.remove('asked');
  panel.notes.querySelector('.note')?.remove();
}

/**
 * Shows that a map is being made; a map that is there stays until then.
 * @param {Panel} panel
 * @returns {HTMLElement} Where it can be said how far it is.
 */
export function wait(panel) {
  const note = panel.notes.querySelector('.note');
  panel.figure.setAttribute('aria-busy', 'true');
  if (note instanceof HTMLElement && !note.classList.contains('ask') && panel.figure.classList.contains('waiting')) return note;
  note?.remove();
  const own = make('div', { className: 'note' });
  panel.figure.classList.toggle('waiting', !panel.shown);
  if (!panel.shown) panel.notes.append(own);
  return own;
}

/**
 * Shows in place of a map what the visitor can do for it.
 * @param {Panel} panel
 * @param {HTMLElement} note
 */
export function ask(panel, note) {
  panel.shown = null;
  endWaiting(panel);
  panel.notes.append(note);
  panel.figure.classList.add('asked');
  panel.whatElement.textContent = 'not computed yet';
  panel.legend.hidden = true;
  for (const button of panel.figure.querySelectorAll('.saves button')) if (button instanceof HTMLButtonElement) button.disabled = true;
  draw(panel);
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
    panel.shown = { result, answer: explanation, drawn: drawnOf(panel.method, explanation, geometry, picture), what: '' };
  }
  panel.problem = null;
  frame(panel, geometry);
  endWaiting(panel);
  showEmpty(panel, explanation);
  for (const button of panel.figure.querySelectorAll('button')) button.disabled = false;
  explainColors(panel);
  draw(panel);
}

/**
 * A map on its picture; of a film on the frame that is shown.
 * @param {string} method
 * @param {import('./api.js').Explanation} explanation
 * @param {import('./api.js').Geometry} geometry
 * @param {Picture} picture
 */
function drawnOf(method, explanation, geometry, { film, width, height }) {
  const { maps } = explanation;
  return film && maps ? drawnFrame(maps.frames[film.at], maps.shape, geometry, width, height)
    : drawn(explanation, methods[method], geometry, width, height);
}

/** Draws all panels anew: another frame of the film is shown. */
export function drawFrame() {
  for (const panel of panels) {
    const { shown, picture } = panel;
    if (shown && panel.method !== null) {
      shown.drawn = drawnOf(panel.method, shown.answer, shown.result.results[0].geometry, picture);
      showEmpty(panel, shown.answer);
    }
    draw(panel);
  }
}

/**
 * The clip of the frame that is shown; null where there is no film.
 * @param {Picture} picture
 * @param {import('./api.js').Explanation} answer
 */
const partAt = ({ film }, { parts }) => (film && parts?.findLast(p => p.first <= film.at)) ?? null;

/**
 * Says where a map has no evidence; of a film, in the clip of the frame that is shown.
 * @param {Panel} panel
 * @param {import('./api.js').Explanation} answer
 */
function showEmpty(panel, answer) {
  const part = partAt(panel.picture, answer);
  panel.notes.querySelector('.note')?.remove();
  if (part ? part.empty : answer.empty) {
    panel.notes.append(make('div', {
      className: 'note', textContent: `No positive evidence for this ${answer.class ? 'class' : 'target'} at this layer.`,
    }));
  }
}

/**
 * Shows why there is no map.
 * @param {Panel} panel
 * @param {unknown} error
 */
export function showProblem(panel, error) {
  panel.problem = words(error);
  panel.shown = null;
  endWaiting(panel);
  panel.notes.append(make('div', { className: 'note', textContent: panel.problem }));
  panel.whatElement.textContent = 'not available here';
  panel.legend.hidden = true;
  for (const button of panel.figure.querySelectorAll('button')) button.disabled = true;
  draw(panel);
}

/**
 * Draws a panel as the settings say.
 * @param {Panel} panel
 */
export function draw(panel) {
  paintMap(panel.image, panel.picture.data, panel.shown?.drawn ?? null, panel.seen);
  brush(panel.canvas).putImageData(panel.image, 0, 0);
  drawMarks(panel.marks, panel.picture.bitmap, panel.method === null);
  if (panel.shown) mark(panel, panel.shown);
  else panel.part.hidden = true;
}

/**
 * Draws a map on a picture, in the colours of its kind.
 * @param {ImageData} image
 * @param {Uint8ClampedArray} picture
 * @param {Drawn | null} map
 * @param {Part | null} seen
 * @param {boolean} mayHide Whether what is below the threshold may be hidden.
 */
export function paintMap(image, picture, map, seen, mayHide = true) {
  const table = map?.kind === 'signed' ? signedColors : map?.kind === 'concepts' ? conceptColors : colors[session.state.colors];
  paint(image, picture, map?.map ?? null, mayHide ? look() : { ...look(), hide: false }, table, seen, map?.strengths ?? null, map?.kind === 'pixels');
}

/**
 * Says what a map's colours mean, where the scale above does not.
 * @param {Panel} panel
 */
function explainColors({ shown, legend }) {
  if (!shown) return;
  const { kind } = shown.drawn, { layer, shape } = shown.answer;
  const fused = layer?.includes('+') ? make('span', { textContent: `${layer.split('+').length} layers fused: ${layer.replaceAll('+', ' + ')}` }) : null;
  const of = {
    evidence: [], pixels: [make('span', { textContent: 'full colour from the 99.5th percentile on, the picture darkened' })],
    signed: [make('span', { textContent: 'against' }), make('i', { className: 'two' }), make('span', { textContent: 'for' })],
    concepts: Array.from({ length: shape[0] }, (_, i) => {
      const patch = make('i', { className: 'patch' });
      patch.style.background = `rgb(${palette[i % palette.length].join()})`;
      return make('span', {}, patch, ` concept ${i + 1}`);
    }),
  }[kind];
  legend.replaceChildren(...of, ...fused ? [fused] : []);
  legend.hidden = legend.childElementCount === 0;
}

/**
 * The text that a target is the likeness to; '' where it is of none.
 * @param {string} spec
 */
const textOf = spec => spec.startsWith('similarity:') ? spec.slice('similarity:'.length) : '';

/**
 * What is explained, in a few words.
 * @param {import('./api.js').Explanation} answer
 */
export const subject = ({ class: own, target }) => target?.words || (isTexts() ? textOf(target?.spec ?? '') : '') || (own ? own.label.split(',')[0]
  : target?.spec.replace(/^(similarity|dot):.*/, `${session.other ? 'likeness' : '$1'} ${target.value.toFixed(3)}`) ?? '');

/**
 * The box above the threshold, in the picture's own pixels.
 * @param {Panel} panel
 * @param {Shown} shown
 */
function mark(panel, shown) {
  const { picture } = panel, { state } = session, { width, height } = picture.bitmap;
  const scale = width / picture.width;
  const box = state.threshold === 50 && scale > 1 ? shown.answer.box
    : largestPart(shown.drawn.values, picture.width, state.threshold / 100)?.map(v => Math.round(v * scale)) ?? null;
  panel.part.hidden = !state.box || !box;
  if (box) place(panel.part, box[0] / width, box[1] / height, box[2] / width, box[3] / height);
  const label = partAt(panel.picture, shown.answer)?.label || subject(shown.answer);
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
const nameOf = ({ picture, method }) => `${stem(picture.name)}.${picture.film ? `frame-${picture.film.at + 1}.` : ''}${method}`;

/**
 * @param {Panel} panel
 * @param {Shown} shown
 */
async function savePng(panel, shown) {
  const { picture } = panel, { state } = session, { width, height } = picture.bitmap;
  const { geometry } = shown.result.results[0];
  const whole = width === picture.width ? picture : pixels(picture.bitmap, width, height);
  const map = whole === picture ? shown.drawn : drawn(shown.answer, methods[shown.answer.method], geometry, width, height);
  const canvas = new OffscreenCanvas(width, height), image = new ImageData(width, height);
  paintMap(image, whole.data, map, seenPart(geometry, width, height));
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  const { target, class: own } = shown.answer, slug = target?.slug ?? `c${own?.index}`;
  save(await canvas.convertToBlob({ type: 'image/png' }), `${nameOf(panel)}.${slug}.${kinds[state.view]}.png`);
}

/**
 * @param {Panel} panel
 * @param {Shown} shown
 */
function saveNpy(panel, shown) {
  save(npy(floats(shown.answer.map.data), [1, 1, ...shown.answer.shape]), `${nameOf(panel)}.npy`);
}
