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

// How much of the picture is taken away under single pixels, at full opacity.
const DARKENING = 0.8;

/** Colours that concepts have, one after the other: told apart by the colour-blind too. */
export const palette = [[230, 97, 1], [64, 120, 220], [0, 158, 115], [204, 71, 153], [240, 200, 40], [86, 180, 233], [150, 90, 200], [160, 160, 160]];

/** The colours as a table of 256, which concepts count through. */
export const conceptColors = Uint8Array.from({ length: 768 }, (_, i) => palette[Math.floor(i / 3) % palette.length][i % 3]);

/**
 * Draws into an ImageData. What the network does not see is grey: there is no evidence there, neither for nor against.
 * @param {{ data: Uint8ClampedArray, width: number }} target Where.
 * @param {Uint8ClampedArray} picture The picture's RGBA, of the same size.
 * @param {Uint8Array | null} map The levels of the map; null draws the picture alone.
 * @param {Look} look
 * @param {Uint8Array} colors R, G, B of the 256 levels.
 * @param {Part | null} seen The part that the network sees; null for all of it.
 * @param {Uint8Array | null} strengths The strength of every pixel, where that is not its level.
 * @param {boolean} isDark Whether the picture is darkened under the map.
 */
export function paint(target, picture, map, look, colors, seen, strengths = map, isDark = false) {
  const out = target.data;
  if (!map || !strengths) {
    out.set(picture);
    return;
  }
  let highest = 0;
  for (const level of strengths) if (level > highest) highest = level;
  const alpha = opacities(look, highest), kept = isDark ? Math.floor((1 - DARKENING * look.opacity) * 256 + 0.5) : 256;
  for (let i = 0, p = 0; i < map.length; i++, p += 4) {
    const level = strengths[i], c = 3 * map[i];
    if (look.view === 'overlay') {
      const a = alpha[level];
      for (let k = 0; k < 3; k++) {
        const below = (picture[p + k] * kept + 128) >> 8;
        out[p + k] = below + (((colors[c + k] - below) * a + 128) >> 8);
      }
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
