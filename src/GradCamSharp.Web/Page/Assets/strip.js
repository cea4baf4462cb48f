// The strip: the same map at a few layers, from the first to the last.

import { $, make } from './dom.js';
import { heatMap } from './heatmap.js';
import { levels, paint } from './paint.js';
import { pixels } from './panels.js';
import { answer, colors, initial, look, methods, session } from './session.js';

const PIXELS = 160 * 160, LAYERS = 8;
let strip = [];

/** The layer that the tool chooses. */
const chosen = () => session.layers.find(l => l.default)?.name;

/** Forgets the pictures drawn. */
export function clearStrip() {
  strip = [];
}

/** Draws the strip again as the settings say. */
export const redrawStrip = () => strip.forEach(drawThumbnail);

/** A few layers: the end of each resolution, or evenly spread where there are few resolutions. */
function depthLayers() {
  const { layers, state } = session;
  const ends = layers.filter((l, i) => i + 1 === layers.length || String(layers[i + 1].map) !== String(l.map));
  const spread = ends.length >= 4 ? ends : Array.from({ length: Math.min(6, layers.length) }, (_, i, n = Math.min(6, layers.length)) => layers[Math.round((i + 1) * layers.length / n) - 1]);
  const wanted = new Set(spread.slice(-LAYERS).map(l => l.name));
  for (const name of [state.layer, chosen()]) if (name) wanted.add(name);
  return layers.filter(l => wanted.has(l.name));
}

/**
 * Shows the strip and fills it, one layer after the other, for as long as nothing else is asked for.
 * @param choose Takes a layer's name, null for the default.
 */
export async function fillStrip(choose) {
  const { picture, state, turn: mine, shown: cls } = session;
  const method = state.methods.find(m => !methods[m].pixel_space) ?? initial.methods[0];
  const shrink = Math.min(1, Math.sqrt(PIXELS / (picture.width * picture.height)));
  const small = picture.small ??= pixels(picture.bitmap, Math.max(1, Math.round(picture.width * shrink)), Math.max(1, Math.round(picture.height * shrink)));
  const wanted = depthLayers();
  const focused = document.activeElement?.closest('#depth button')?.dataset.layer;
  const old = strip;
  strip = wanted.map(layer => {
    const before = old.find(t => t.layer.name === layer.name && t.small === small);
    const canvas = before?.canvas ?? make('canvas', { width: small.width, height: small.height });
    canvas.setAttribute('aria-hidden', 'true');
    return { layer, small, canvas, map: before?.map ?? null, image: new ImageData(small.width, small.height) };
  });
  $('depth').replaceChildren(...strip.map((t, i) => {
    const name = chosen() === t.layer.name ? null : t.layer.name;
    const button = make('button', { onclick: () => choose(name) },
      t.canvas, make('span', { textContent: `${t.layer.map.join(' × ')}${name ? '' : ', default'}` }));
    button.dataset.layer = t.layer.name;
    button.setAttribute('aria-pressed', String(state.layer === name));
    button.setAttribute('aria-label', `${t.layer.map.join(' × ')}${name ? '' : ', default'}: layer ${i + 1} of ${strip.length}, ${t.layer.name}`);
    return make('li', {}, button);
  }));
  if (focused) [...$('depth').querySelectorAll('button')].find(b => b.dataset.layer === focused)?.focus();
  strip.forEach(drawThumbnail);
  for (const thumbnail of strip) {
    try {
      const isDefault = chosen() === thumbnail.layer.name;
      const result = await answer(method, isDefault ? null : thumbnail.layer.name, cls);
      if (mine !== session.turn) return;
      thumbnail.map = levels(heatMap(result.results[0].explanations[0], methods[method].pixel_space, result.results[0].geometry, small.width, small.height));
    } catch {
      if (mine !== session.turn) return;
      thumbnail.map = null;
    }
    drawThumbnail(thumbnail);
  }
}

function drawThumbnail(t) {
  paint(t.image, t.small.data, t.map, { ...look(), hide: false }, colors[session.state.colors]);
  t.canvas.getContext('2d').putImageData(t.image, 0, 0);
}
