// Draws maps upon pictures as the tool's overlays: hue shows the strength, and so does opacity.

import { bytesOf, detailsNow, detailsOf, mapOf, slotOf } from './audit.js';

/** @typedef {import('./audit.js').Audit} Audit */

const OPACITY = 0.75;
/** @type {Uint8Array | undefined} */
let colors;

/**
 * Draws a map on a canvas of its own size; the page stretches it.
 * @param {Audit} audit
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} map 0 to 255.
 */
export function drawMap(audit, canvas, map) {
  colors ??= bytesOf(audit.colors);
  const [height, width] = audit.map;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  for (let i = 0; i < map.length; i++) {
    const level = map[i], t = Math.min(level / 127.5, 1);
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = colors[3 * Math.round(level) + k];
    image.data[4 * i + 3] = 255 * OPACITY * t * t * (3 - 2 * t);
  }
  context.putImageData(image, 0, 0);
}

/**
 * Draws a picture's map, as soon as it has arrived.
 * @param {Audit} audit
 * @param {HTMLCanvasElement} canvas
 * @param {number} picture
 */
export function drawPicture(audit, canvas, picture) {
  const slot = slotOf(audit, picture), now = detailsNow(slot);
  canvas.dataset.picture = String(picture);
  if (now) {
    drawMap(audit, canvas, mapOf(audit, now, picture));
    return;
  }
  canvas.width = canvas.height = 1;
  detailsOf(slot).then(details => {
    // The canvas may show another picture by now.
    if (canvas.dataset.picture === String(picture)) drawMap(audit, canvas, mapOf(audit, details, picture));
  }, error => console.error(error));
}

/**
 * The mean of the maps of pictures, its largest value 255.
 * @param {Audit} audit
 * @param {number[]} pictures Of one class.
 */
export async function meanMap(audit, pictures) {
  const details = await detailsOf(slotOf(audit, pictures[0])), sum = new Float64Array(audit.map[0] * audit.map[1]);
  for (const picture of pictures) mapOf(audit, details, picture).forEach((value, i) => { sum[i] += value; });
  const most = Math.max(...sum);
  return sum.map(value => most > 0 ? 255 * value / most : 0);
}
