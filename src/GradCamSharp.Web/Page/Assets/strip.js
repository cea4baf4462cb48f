// The strip: the same map at a few layers, from the first to the last.

import { depthLayers } from './depth.js';
import { $, brush, make } from './dom.js';
import { drawn, seenPart } from './heatmap.js';
import { paintMap, pixels } from './panels.js';
import { answer, defaultLayer, methods, model, question, session } from './session.js';

/**
 * @typedef {{ layer: import('./api.js').Layer, small: import('./session.js').Pixels, canvas: HTMLCanvasElement,
 *   map: import('./heatmap.js').Drawn | null,
 *   seen: import('./heatmap.js').Part | null, image: ImageData }} Thumbnail
 */

const PIXELS = 160 * 160;

/** @type {Thumbnail[]} */
let strip = [];

/** Forgets the pictures drawn. */
export function clearStrip() {
  strip = [];
}

/** Draws the strip again as the settings say. */
export const redrawStrip = () => strip.forEach(drawThumbnail);

/**
 * Shows the strip and fills it, one layer after the other, for as long as nothing else is asked for.
 * @param {(name: string | null) => void} choose Takes a layer's name, null for the default.
 */
export async function fillStrip(choose) {
  const { picture, state, turn: mine, shown: cls } = session;
  if (!picture) return;
  const method = state.methods.find(m => !methods[m].pixel_space && methods[m].kind === 'graph') ?? model().method;
  const shrink = Math.min(1, Math.sqrt(PIXELS / (picture.width * picture.height)));
  const small = picture.small ??= pixels(
    picture.bitmap, Math.max(1, Math.round(picture.width * shrink)), Math.max(1, Math.round(picture.height * shrink)));
  show(small, depthLayers(session.layers, [state.layer, defaultLayer()]), choose);
  for (const thumbnail of strip) {
    try {
      const asked = question(method, { layer: thumbnail.layer.name, cls });
      if (!asked) return;
      const { results: [{ geometry, explanations: [explanation] }] } = await answer(asked);
      if (mine !== session.turn) return;
      thumbnail.map = drawn(explanation, methods[method], geometry, small.width, small.height);
      thumbnail.seen = seenPart(geometry, small.width, small.height);
    } catch {
      if (mine !== session.turn) return;
      thumbnail.map = null;
    }
    drawThumbnail(thumbnail);
  }
}

/**
 * @param {import('./session.js').Pixels} small
 * @param {import('./api.js').Layer[]} layers
 * @param {(name: string | null) => void} choose
 */
function show(small, layers, choose) {
  const { state } = session;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.layer : undefined;
  const old = strip;
  strip = layers.map(layer => {
    const before = old.find(t => t.layer.name === layer.name && t.small === small);
    const canvas = before?.canvas ?? make('canvas', { width: small.width, height: small.height });
    canvas.setAttribute('aria-hidden', 'true');
    return { layer, small, canvas, map: before?.map ?? null, seen: before?.seen ?? null, image: new ImageData(small.width, small.height) };
  });
  $('depth').replaceChildren(...strip.map(({ layer, canvas }, i) => {
    const name = defaultLayer() === layer.name ? null : layer.name;
    const size = `${layer.map?.join(' × ')}${name ? '' : ', default'}`;
    const button = make('button', { onclick: () => choose(name) }, canvas, make('span', { textContent: size }));
    button.dataset.layer = layer.name;
    button.setAttribute('aria-pressed', String(state.layer === name));
    button.setAttribute('aria-label', `${size}: layer ${i + 1} of ${strip.length}, ${layer.name}`);
    return make('li', {}, button);
  }));
  if (focused) [...$('depth').querySelectorAll('button')].find(b => b.dataset.layer === focused)?.focus();
  strip.forEach(drawThumbnail);
}

/** @param {Thumbnail} t */
function drawThumbnail(t) {
  paintMap(t.image, t.small.data, t.map, t.seen, false);
  brush(t.canvas).putImageData(t.image, 0, 0);
}
