// From a raw map to the picture, step by step as the tool itself does it: normalise, bring bilinearly to the network's input, then back through
// crop and resize to the picture. Half-pixel centres, edges clamped, no antialiasing; what a crop cut off is 0.

/** Decodes base64 little-endian float32. */
export function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** A gradient's strength: the absolute value, the maximum over channels; [C, H, W] gives [H, W]. */
export function strength(raw, count) {
  const result = new Float32Array(count);
  for (let at = 0; at + count <= raw.length; at += count) {
    for (let i = 0; i < count; i++) result[i] = Math.max(result[i], Math.abs(raw[at + i]));
  }
  return result;
}

/** From 0 to 1; all 0 where there is no positive value, all 1 where all are the same positive one. */
export function normalize(raw) {
  let least = Infinity, most = -Infinity;
  for (const v of raw) {
    if (v < least) least = v;
    if (v > most) most = v;
  }
  if (!(most > 0)) return new Float32Array(raw.length);
  return most > least ? raw.map(v => (v - least) / (most - least)) : raw.map(() => 1);
}

function axis(from, to, scale, shift) {
  const bound = place => Math.min(Math.max(Math.ceil((place + shift) / scale - 0.5), 0), to);
  const result = { first: bound(0), end: bound(from), low: new Int32Array(to), high: new Int32Array(to), weight: new Float32Array(to) };
  for (let i = result.first; i < result.end; i++) {
    const at = Math.min(Math.max((i + 0.5) * scale - shift - 0.5, 0), from - 1);
    result.low[i] = Math.floor(at);
    result.high[i] = Math.min(result.low[i] + 1, from - 1);
    result.weight[i] = at - result.low[i];
  }
  return result;
}

function interpolate(values, width, across, down) {
  const newWidth = across.low.length, result = new Float32Array(newWidth * down.low.length);
  const wide = new Map();
  const widened = row => {
    if (!wide.has(row)) {
      const line = new Float32Array(newWidth), at = row * width;
      for (let x = across.first; x < across.end; x++) {
        const low = values[at + across.low[x]];
        line[x] = low + Math.fround(Math.fround(values[at + across.high[x]] - low) * across.weight[x]);
      }
      if (wide.size > 3) wide.delete(wide.keys().next().value);
      wide.set(row, line);
    }
    return wide.get(row);
  };
  for (let y = down.first; y < down.end; y++) {
    const upper = widened(down.low[y]), lower = widened(down.high[y]), w = down.weight[y], at = y * newWidth;
    for (let x = across.first; x < across.end; x++) result[at + x] = upper[x] * (1 - w) + lower[x] * w;
  }
  return result;
}

/**
 * The map on the picture, [height, width] from 0 to 1.
 * @param explanation One of an answer's explanations, with its raw map.
 * @param pixelSpace Whether the map is a gradient at the network's input.
 * @param geometry The answer's geometry.
 * @param width, height The size wanted: the picture's own, or one in proportion.
 */
export function heatMap(explanation, pixelSpace, geometry, width, height) {
  const shape = explanation.shape, raw = floats(explanation.map.data);
  const h = shape[shape.length - 2], w = shape[shape.length - 1];
  const map = normalize(pixelSpace ? strength(raw, h * w) : raw);
  const [x, y, cropWidth, cropHeight] = geometry.crop, [resizedWidth, resizedHeight] = geometry.resized;
  const atInput = interpolate(map, w, axis(w, cropWidth, w / cropWidth, 0), axis(h, cropHeight, h / cropHeight, 0));
  return interpolate(atInput, cropWidth, axis(cropWidth, width, resizedWidth / width, x), axis(cropHeight, height, resizedHeight / height, y));
}

/** The box [x, y, width, height] of the largest part above a share of the maximum, connected along pixels' sides; null if there is none. */
export function largestPart(values, width, share) {
  let most = 0;
  for (const v of values) if (v > most) most = v;
  if (!(most > 0)) return null;
  const limit = share * most, seen = new Uint8Array(values.length), stack = new Int32Array(values.length), height = values.length / width;
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
