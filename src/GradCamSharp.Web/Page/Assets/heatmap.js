// From a raw map to the picture, step by step as the tool itself does it: normalise, bring bilinearly to the network's input, then back through
// crop and resize to the picture. Half-pixel centres, edges clamped, no antialiasing; what a crop cut off is 0.

/**
 * @typedef {import('./api.js').Geometry} Geometry
 * @typedef {{ first: number, end: number, low: Int32Array, high: Int32Array, weight: Float32Array }} Axis
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Part Of a picture, in pixels; right and bottom are outside.
 */

/**
 * Decodes base64 little-endian float32.
 * @param {string} base64
 */
export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/**
 * A gradient's strength: the absolute value, the maximum over channels; [C, H, W] gives [H, W].
 * @param {Float32Array} raw
 * @param {number} count H times W.
 */
export function strength(raw, count) {
  const result = new Float32Array(count);
  for (let at = 0; at + count <= raw.length; at += count) {
    for (let i = 0; i < count; i++) result[i] = Math.max(result[i], Math.abs(raw[at + i]));
  }
  return result;
}

/**
 * A frame's map on its frame. Its values are from 0 to 1 already, over its whole clip.
 * @param {string} data
 * @param {number[]} shape
 * @param {Geometry} geometry
 * @param {number} width
 * @param {number} height
 * @returns {Drawn}
 */
export function drawnFrame(data, [h, w], geometry, width, height) {
  const { values } = onPicture(floats(data), w, h, geometry, width, height), levels = Uint8Array.from(values, level);
  return { kind: 'evidence', values, map: levels, strengths: levels };
}

/**
 * From 0 to 1; all 0 where there is no positive value, all 1 where all are the same positive one.
 * @param {Float32Array} raw
 */
export function normalize(raw) {
  let least = Infinity, most = -Infinity;
  for (const v of raw) {
    if (v < least) least = v;
    if (v > most) most = v;
  }
  if (!(most > 0)) return new Float32Array(raw.length);
  return most > least ? raw.map(v => (v - least) / (most - least)) : raw.map(() => 1);
}

/**
 * The first of so many pixels that lies at or behind a place.
 * @param {number} place
 * @param {number} to
 * @param {number} scale
 * @param {number} shift
 */
const bound = (place, to, scale, shift) => Math.min(Math.max(Math.ceil((place + shift) / scale - 0.5), 0), to);

/**
 * @param {number} from
 * @param {number} to
 * @param {number} scale
 * @param {number} shift
 * @returns {Axis}
 */
function axis(from, to, scale, shift) {
  const result = { first: bound(0, to, scale, shift), end: bound(from, to, scale, shift), low: new Int32Array(to), high: new Int32Array(to),
    weight: new Float32Array(to) };
  for (let i = result.first; i < result.end; i++) {
    const at = Math.min(Math.max((i + 0.5) * scale - shift - 0.5, 0), from - 1);
    result.low[i] = Math.floor(at);
    result.high[i] = Math.min(result.low[i] + 1, from - 1);
    result.weight[i] = at - result.low[i];
  }
  return result;
}

/**
 * @param {Float32Array} values
 * @param {number} width
 * @param {Axis} across
 * @param {Axis} down
 */
function interpolate(values, width, across, down) {
  const newWidth = across.low.length, result = new Float32Array(newWidth * down.low.length);
  /** @type {Map<number, Float32Array>} */
  const wide = new Map();
  /** @param {number} row */
  const widened = row => {
    let line = wide.get(row);
    if (line) return line;
    const at = row * width;
    line = new Float32Array(newWidth);
    for (let x = across.first; x < across.end; x++) {
      const low = values[at + across.low[x]];
      line[x] = low + Math.fround(Math.fround(values[at + across.high[x]] - low) * across.weight[x]);
    }
    if (wide.size > 3) wide.delete([...wide.keys()][0]);
    wide.set(row, line);
    return line;
  };
  for (let y = down.first; y < down.end; y++) {
    const upper = widened(down.low[y]), lower = widened(down.high[y]), w = down.weight[y], at = y * newWidth;
    for (let x = across.first; x < across.end; x++) result[at + x] = upper[x] * (1 - w) + lower[x] * w;
  }
  return result;
}

/**
 * The part of the picture that the network sees; null where it sees all of it.
 * @param {Geometry} geometry The answer's geometry.
 * @param {number} width
 * @param {number} height The size at which the picture is drawn.
 * @returns {Part | null}
 */
export function seenPart({ crop: [x, y, cropWidth, cropHeight], resized: [resizedWidth, resizedHeight] }, width, height) {
  const across = resizedWidth / width, down = resizedHeight / height;
  const part = {
    left: bound(0, width, across, x), top: bound(0, height, down, y),
    right: bound(cropWidth, width, across, x), bottom: bound(cropHeight, height, down, y),
  };
  return part.left === 0 && part.top === 0 && part.right === width && part.bottom === height ? null : part;
}

/**
 * A map of the layer brought to the picture: bilinearly to the network's input, then back through crop and resize.
 * @param {Float32Array} map
 * @param {number} w
 * @param {number} h
 * @param {Geometry} geometry
 * @param {number} width
 * @param {number} height
 */
function onPicture(map, w, h, geometry, width, height) {
  const [x, y, cropWidth, cropHeight] = geometry.crop, [resizedWidth, resizedHeight] = geometry.resized;
  const atInput = interpolate(map, w, axis(w, cropWidth, w / cropWidth, 0), axis(h, cropHeight, h / cropHeight, 0));
  const values = interpolate(
    atInput, cropWidth, axis(cropWidth, width, resizedWidth / width, x), axis(cropHeight, height, resizedHeight / height, y));
  return { atInput, values };
}

// Of single pixels, by strength, so many are drawn weaker than the strongest.
const FULL_SHARE = 0.995;

/**
 * The value that is drawn at full strength, of single pixels, which have few high peaks.
 * @param {Float32Array} values At the network's input.
 */
function fullOf(values) {
  const sorted = values.slice().sort();
  return sorted[Math.max(Math.ceil(FULL_SHARE * sorted.length) - 1, 0)] || 1;
}

/** @param {number} value */
const level = value => Math.min(Math.max(value, 0), 1) * 255 + 0.5;

/**
 * @typedef {{ kind: 'evidence' | 'signed' | 'pixels' | 'concepts', values: Float32Array, map: Uint8Array, strengths: Uint8Array }} Drawn
 *   A map on the picture: its evidence from 0 to 1, the colour of each pixel, and its strength, both from 0 to 255.
 */

/**
 * The map on the picture, as the tool itself draws it: signed maps from -1 to 1 around the middle colour, single pixels up to their 99.5th
 * percentile, concepts each in a colour of its own.
 * @param {{ shape: number[], map: { data: string } }} explanation One of an answer's explanations, with its raw map.
 * @param {{ pixel_space: boolean, signed: boolean, family: string }} method
 * @param {Geometry} geometry The answer's geometry.
 * @param {number} width
 * @param {number} height The size wanted: the picture's own, or one in proportion.
 * @returns {Drawn}
 */
export function drawn(explanation, method, geometry, width, height) {
  const { shape } = explanation, raw = floats(explanation.map.data), h = shape[shape.length - 2], w = shape[shape.length - 1];
  if (!method.pixel_space && method.family === 'concept' && shape.length === 3) return concepts(raw, shape, geometry, width, height);
  const map = normalize(method.pixel_space ? strength(raw, h * w) : method.signed ? raw.map(v => Math.max(0, v)) : raw);
  const { atInput, values } = onPicture(map, w, h, geometry, width, height);
  if (method.pixel_space) {
    const full = fullOf(atInput), levels = Uint8Array.from(values, v => level(v / full));
    return { kind: 'pixels', values, map: levels, strengths: levels };
  }
  if (method.signed) {
    let largest = 0;
    for (const v of raw) largest = Math.max(largest, Math.abs(v));
    const signed = onPicture(raw.map(v => largest > 0 ? v / largest : 0), w, h, geometry, width, height).values;
    return {
      kind: 'signed', values, map: Uint8Array.from(signed, v => level((v + 1) / 2)), strengths: Uint8Array.from(signed, v => level(Math.abs(v))),
    };
  }
  const levels = Uint8Array.from(values, level);
  return { kind: 'evidence', values, map: levels, strengths: levels };
}

/**
 * Of several concepts the strongest at each pixel: which one is the colour.
 * @param {Float32Array} raw
 * @param {number[]} shape
 * @param {Geometry} geometry
 * @param {number} width
 * @param {number} height
 * @returns {Drawn}
 */
function concepts(raw, [count, h, w], geometry, width, height) {
  let most = 0;
  for (const v of raw) if (v > most) most = v;
  const values = new Float32Array(width * height), map = new Uint8Array(width * height);
  for (let k = 0; k < count; k++) {
    const own = raw.subarray(k * h * w, (k + 1) * h * w).map(v => most > 0 ? v / most : 0);
    const shown = onPicture(own, w, h, geometry, width, height).values;
    for (let i = 0; i < shown.length; i++) {
      if (shown[i] > values[i]) {
        values[i] = shown[i];
        map[i] = k;
      }
    }
  }
  return { kind: 'concepts', values, map, strengths: Uint8Array.from(values, level) };
}

/**
 * The map on the picture, [height, width] from 0 to 1.
 * @param {{ shape: number[], map: { data: string } }} explanation One of an answer's explanations, with its raw map.
 * @param {boolean} pixelSpace Whether the map is a gradient at the network's input.
 * @param {Geometry} geometry The answer's geometry.
 * @param {number} width
 * @param {number} height The size wanted: the picture's own, or one in proportion.
 */
export function heatMap(explanation, pixelSpace, geometry, width, height) {
  const shape = explanation.shape, raw = floats(explanation.map.data);
  const h = shape[shape.length - 2], w = shape[shape.length - 1];
  const map = normalize(pixelSpace ? strength(raw, h * w) : raw);
  return onPicture(map, w, h, geometry, width, height).values;
}

/**
 * The box [x, y, width, height] of the largest part above a share of the maximum, connected along pixels' sides; null if there is none.
 * @param {Float32Array} values
 * @param {number} width
 * @param {number} share
 * @returns {number[] | null}
 */
export function largestPart(values, width, share) {
  let most = 0;
  for (const v of values) if (v > most) most = v;
  if (!(most > 0)) return null;
  const limit = share * most, height = values.length / width;
  const seen = new Uint8Array(values.length), stack = new Int32Array(values.length);
  let best = null, bestArea = 0;
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || !(values[start] > limit)) continue;
    let left = width, right = 0, bottom = 0, area = 0, top = 0;
    const first = Math.floor(start / width);
    stack[top++] = start;
    seen[start] = 1;
    while (top > 0) {
      const at = stack[--top], x = at % width, y = (at - x) / width;
      area++;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y > bottom) bottom = y;
      if (x > 0 && !seen[at - 1] && values[at - 1] > limit) seen[stack[top++] = at - 1] = 1;
      if (x + 1 < width && !seen[at + 1] && values[at + 1] > limit) seen[stack[top++] = at + 1] = 1;
      if (y > 0 && !seen[at - width] && values[at - width] > limit) seen[stack[top++] = at - width] = 1;
      if (y + 1 < height && !seen[at + width] && values[at + width] > limit) seen[stack[top++] = at + width] = 1;
    }
    if (area > bestArea) {
      bestArea = area;
      best = [left, first, right - left + 1, bottom - first + 1];
    }
  }
  return best;
}
