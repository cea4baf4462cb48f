// The arithmetic of a scatter: where points lie on the canvas, zooming, and which points a frame holds.

/**
 * @typedef {{ scale: number, x: number, y: number }} Place How the plane lies on the canvas: pixels a unit, and where its origin is.
 * @typedef {import('./selection.js').Frame} Frame
 */

const LEAST = 0.5, MOST = 200;

/**
 * The place in which all points are seen.
 * @param {ArrayLike<number>} xs
 * @param {ArrayLike<number>} ys
 * @param {number} width
 * @param {number} height
 * @param {number} margin
 * @returns {Place}
 */
export function fit(xs, ys, width, height, margin) {
  let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
  for (let i = 0; i < xs.length; i++) {
    if (Number.isNaN(xs[i])) continue;
    x0 = Math.min(x0, xs[i]);
    x1 = Math.max(x1, xs[i]);
    y0 = Math.min(y0, ys[i]);
    y1 = Math.max(y1, ys[i]);
  }
  if (x0 > x1) return { scale: 1, x: width / 2, y: height / 2 };
  const scale = Math.min((width - 2 * margin) / Math.max(x1 - x0, 1e-6), (height - 2 * margin) / Math.max(y1 - y0, 1e-6));
  return { scale, x: width / 2 - scale * (x0 + x1) / 2, y: height / 2 - scale * (y0 + y1) / 2 };
}

/**
 * Zooms about a point of the canvas, which stays where it is.
 * @param {Place} place
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @param {number} whole The scale at which all is seen: how far one can zoom is measured from it.
 * @returns {Place}
 */
export function zoomed(place, factor, x, y, whole) {
  const scale = Math.min(Math.max(place.scale * factor, LEAST * whole), MOST * whole), by = scale / place.scale;
  return { scale, x: x + (place.x - x) * by, y: y + (place.y - y) * by };
}

/**
 * A rectangle of the canvas in the plane's units.
 * @param {Place} place
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @returns {Frame}
 */
export function framed(place, ax, ay, bx, by) {
  return {
    x0: (Math.min(ax, bx) - place.x) / place.scale, y0: (Math.min(ay, by) - place.y) / place.scale,
    x1: (Math.max(ax, bx) - place.x) / place.scale, y1: (Math.max(ay, by) - place.y) / place.scale,
  };
}

/**
 * Whether a frame holds a point.
 * @param {Frame} frame
 * @param {number} x
 * @param {number} y
 */
export function holds(frame, x, y) {
  return x >= frame.x0 && x <= frame.x1 && y >= frame.y0 && y <= frame.y1;
}

/**
 * The point nearest to a place of the canvas, or -1 where none is within reach.
 * @param {Place} place
 * @param {ArrayLike<number>} xs
 * @param {ArrayLike<number>} ys
 * @param {number} x
 * @param {number} y
 * @param {number} reach In pixels.
 */
export function nearest(place, xs, ys, x, y, reach) {
  let best = -1, least = reach * reach;
  for (let i = 0; i < xs.length; i++) {
    const dx = xs[i] * place.scale + place.x - x, dy = ys[i] * place.scale + place.y - y, d = dx * dx + dy * dy;
    if (d <= least) {
      best = i;
      least = d;
    }
  }
  return best;
}
