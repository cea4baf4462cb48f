// Draws maps on pictures, as the tool's own overlays: hue shows the strength, and so does opacity.

/**
 * @typedef {import('./heatmap.js').Part} Part
 * @typedef {{ view: string, opacity: number, threshold: number, hide: boolean }} Look How a map is drawn.
 */

// Grey of the part that the network does not see: nearer to the middle than the picture, so that it steps back.
const PALE = 0.55, MIDDLE = 128;

/**
 * The level, 0 to 255, of every value.
 * @param {Float32Array} values
 */
export function levels(values) {
  const result = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = Math.min(Math.max(values[i], 0), 1) * 255 + 0.5;
  return result;
}

/**
 * The opacity, 0 to 256, of every level: faint evidence fades out; from half strength on the colour is at its full opacity.
 * @param {Look} look
 * @param {number} highest
 */
function opacities(look, highest) {
  const result = new Int32Array(256);
  for (let level = 0; level < 256; level++) {
    const t = Math.min(level / 127.5, 1);
    const hidden = look.hide && level <= look.threshold * highest;
    result[level] = hidden ? 0 : Math.floor(look.opacity * t * t * (3 - 2 * t) * 256 + 0.5);
  }
  return result;
}

/**
 * Draws into an ImageData. What the network does not see is grey: there is no evidence there, neither for nor against.
 * @param {{ data: Uint8ClampedArray, width: number }} target Where.
 * @param {Uint8ClampedArray} picture The picture's RGBA, of the same size.
 * @param {Uint8Array | null} map The levels of the map; null draws the picture alone.
 * @param {Look} look
 * @param {Uint8Array} colors R, G, B of the 256 levels.
 * @param {Part | null} seen The part that the network sees; null for all of it.
 */
export function paint(target, picture, map, look, colors, seen) {
  const out = target.data;
  if (!map) {
    out.set(picture);
    return;
  }
  let highest = 0;
  for (const level of map) if (level > highest) highest = level;
  const alpha = opacities(look, highest);
  for (let i = 0, p = 0; i < map.length; i++, p += 4) {
    const level = map[i], c = 3 * level;
    if (look.view === 'overlay') {
      const a = alpha[level];
      out[p] = picture[p] + (((colors[c] - picture[p]) * a + 128) >> 8);
      out[p + 1] = picture[p + 1] + (((colors[c + 1] - picture[p + 1]) * a + 128) >> 8);
      out[p + 2] = picture[p + 2] + (((colors[c + 2] - picture[p + 2]) * a + 128) >> 8);
    } else if (look.hide && level <= look.threshold * highest) {
      out[p] = out[p + 1] = out[p + 2] = 0;
    } else if (look.view === 'alone') {
      out[p] = colors[c];
      out[p + 1] = colors[c + 1];
      out[p + 2] = colors[c + 2];
    } else {
      out[p] = picture[p] * level / 255 + 0.5;
      out[p + 1] = picture[p + 1] * level / 255 + 0.5;
      out[p + 2] = picture[p + 2] * level / 255 + 0.5;
    }
    out[p + 3] = 255;
  }
  if (seen) pale(out, picture, target.width, seen);
}

/**
 * @param {Uint8ClampedArray} out
 * @param {Uint8ClampedArray} picture
 * @param {number} width
 * @param {Part} seen
 */
function pale(out, picture, width, seen) {
  for (let p = 0, x = 0, y = 0; p < out.length; p += 4) {
    if (x < seen.left || x >= seen.right || y < seen.top || y >= seen.bottom) {
      const luma = 0.299 * picture[p] + 0.587 * picture[p + 1] + 0.114 * picture[p + 2];
      out[p] = out[p + 1] = out[p + 2] = MIDDLE + (luma - MIDDLE) * PALE;
      out[p + 3] = 255;
    }
    if (++x === width) {
      x = 0;
      y++;
    }
  }
}
