// What a model says of a picture, and which target a place in it stands for.

/**
 * @typedef {import('./api.js').Reading} Reading
 * @typedef {import('./api.js').Mask} Mask
 * @typedef {{ target: string, label: string, score: number, kind: 'box' | 'mask' | 'point' | 'class', box: number[] | null,
 *   mask: Mask | null, points: number[][] }} Finding Something that a model says of a picture, and the target that it stands for. Places
 *   are the picture's own pixels; a box is its left, top, right and bottom edge.
 */

/**
 * What can be chosen of a reading: its boxes, its masks, its key points; where it has none of these, its classes.
 * @param {Reading} reading
 * @returns {Finding[]}
 */
export function findings({ task, detections, masks, keypoints, predictions }) {
  /** @type {Finding[]} */
  const found = detections.map(d => ({
    target: `box:${d.index}`, label: d.label, score: d.score, kind: 'box', box: d.box,
    mask: masks.find(m => m.target === `box:${d.index}.mask`) ?? null, points: d.keypoints ?? [],
  }));
  for (const mask of masks) {
    if (!mask.target.startsWith('box:'))
      found.push({ target: mask.target, label: mask.label, score: mask.score, kind: 'mask', box: null, mask, points: [] });
  }
  for (const { target, label, x, y, score } of keypoints)
    found.push({ target, label, score, kind: 'point', box: null, mask: null, points: [[x, y]] });
  if (found.length > 0) return found;
  return predictions.map(p => ({
    target: task === 'caption' ? `token:last=${p.index}` : `class:${p.index}`, label: p.label, score: p.probability ?? 0, kind: 'class',
    box: null, mask: null, points: [],
  }));
}

/** @type {WeakMap<Mask, Uint8Array>} */
const decoded = new WeakMap();

/**
 * A mask's cells, row by row: 1 inside, 0 outside.
 * @param {Mask} mask
 */
export function cells(mask) {
  let inside = decoded.get(mask);
  if (inside) return inside;
  inside = new Uint8Array(mask.size[0] * mask.size[1]);
  let at = 0;
  mask.counts.forEach((count, i) => {
    if (i % 2 === 1) inside.fill(1, at, at + count);
    at += count;
  });
  decoded.set(mask, inside);
  return inside;
}

/**
 * Whether a place lies in a mask.
 * @param {Mask} mask
 * @param {number} x
 * @param {number} y
 * @param {{ width: number, height: number }} picture
 */
function holds(mask, x, y, picture) {
  const [columns, rows] = mask.size;
  const column = Math.floor(x * columns / picture.width), row = Math.floor(y * rows / picture.height);
  return column >= 0 && row >= 0 && column < columns && row < rows && cells(mask)[row * columns + column] === 1;
}

/** @param {number[]} box */
const area = ([left, top, right, bottom]) => Math.max(0, right - left) * Math.max(0, bottom - top);

/**
 * The target of a place in the picture; null where nothing is there that could be meant.
 * @param {Reading} reading
 * @param {Finding[]} found
 * @param {number} x
 * @param {number} y
 * @param {{ width: number, height: number }} picture
 * @param {number} reach How far from a key point a place still means it.
 * @returns {string | null}
 */
export function targetAt(reading, found, x, y, picture, reach) {
  const near = found.flatMap(f => f.points.map(([px, py], i) => (
    { target: f.kind === 'point' ? f.target : `${f.target}.keypoint:${i}`, away: Math.hypot(px - x, py - y) })))
    .filter(p => p.away <= reach).sort((a, b) => a.away - b.away);
  if (near.length > 0) return near[0].target;
  const boxes = found.filter(f => f.box && x >= f.box[0] && x <= f.box[2] && y >= f.box[1] && y <= f.box[3])
    .sort((a, b) => area(a.box ?? []) - area(b.box ?? []));
  const own = boxes.find(f => f.mask && holds(f.mask, x, y, picture)) ?? boxes[0];
  if (own) return own.target;
  const place = `${Math.round(x)},${Math.round(y)}`;
  if (reading.task === 'segment') {
    const mask = found.find(f => f.mask && holds(f.mask, x, y, picture));
    const named = mask?.target.match(/^class:(\d+)@mask$/);
    return named ? `class:${named[1]}@${place}` : `pixel:${place}`;
  }
  if (reading.task === 'depth') return `value@${place}`;
  return found.find(f => f.kind === 'mask' && f.mask && holds(f.mask, x, y, picture))?.target ?? null;
}

/**
 * What a target is of, among what was found; null where it is of nothing in the list.
 * @param {string} target
 * @param {Finding[]} found
 */
export const findingOf = (target, found) => found.find(f => f.target === target)
  ?? found.find(f => f.kind === 'box' && target.startsWith(`${f.target}.`))
  ?? found.find(f => f.kind === 'mask' && target.startsWith(f.target.replace(/mask$/, ''))) ?? null;

/**
 * The place that a target names: x and y; null where it names none.
 * @param {string} target
 */
export function placeOf(target) {
  const match = target.match(/(?:@|^pixel:|^box:)(-?[\d.]+),(-?[\d.]+)$/);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

/**
 * The parts of a box that can be explained, and what they are called.
 * @param {Finding} finding
 * @returns {[string, string][]}
 */
export const partsOf = finding => [
  ['', 'its score'], ['class', 'its class alone'],
  .../** @type {[string, string][]} */ (finding.mask ? [['mask', 'its mask']] : []),
  ['x1', 'its left edge'], ['y1', 'its upper edge'], ['x2', 'its right edge'], ['y2', 'its lower edge'],
  .../** @type {[string, string][]} */ (finding.points.map((_, i) => [`keypoint:${i}`, `its key point ${i}`])),
];

/**
 * Whether a text is a target, not the name of a class.
 * @param {string} text
 */
export const isTarget = text => /^\s*-?\s*(?:[\d.]+\*)?(?:class|box|mask|keypoint|value|similarity|dot|token|pixel|contrast|finer|rest):/.test(text)
  || /^\s*-?value(?:@|$)/.test(text) || /\[[^\]]*\]\)?\s*$/.test(text);
