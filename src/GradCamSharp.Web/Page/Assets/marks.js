// What a model finds in a picture, drawn on it: boxes, masks and key points, to be clicked.

import { brush, make } from './dom.js';
import { palette } from './paint.js';
import { session } from './session.js';
import { cells, findingOf, placeOf, targetAt } from './targets.js';
import { view } from './view.js';

/**
 * @typedef {import('./targets.js').Finding} Finding
 * @typedef {{ width: number, height: number }} Size
 */

// In pixels of the screen: a finger's reach, and what is still a click and no drag.
const REACH = 12, STILL = 5;
const FAINT = 70, STRONG = 125;

/**
 * Draws what was found.
 * @param {HTMLElement} marks Where.
 * @param {Size} size The picture's.
 * @param {boolean} all Whether all of it is drawn, or what is explained alone.
 */
export function drawMarks(marks, size, all) {
  const { found, shownTarget: target, state } = session, chosen = target === null ? null : findingOf(target, found);
  const shown = !state.marks ? [] : all ? found : chosen ? [chosen] : [];
  const masked = all ? shown.filter(f => f.mask) : [];
  marks.replaceChildren(
    ...masked.length > 0 ? [masks(masked, chosen)] : [],
    ...shown.flatMap((f, i) => f.box ? [box(f, size, f === chosen, all && (f === chosen || i < 12))] : []),
    ...shown.flatMap((f, i) => f.points.map((p, k) => dot(p, size, i, isPoint(f, k, target)))),
    ...state.marks && target !== null && placeOf(target) ? [dot(placeOf(target) ?? [], size, 0, true)] : []);
}

/**
 * @param {Finding} finding
 * @param {number} index
 * @param {string | null} target
 */
const isPoint = (finding, index, target) =>
  finding.kind === 'point' ? finding.target === target : target?.startsWith(`${finding.target}.keypoint:${index}`) ?? false;

/**
 * @param {Finding} finding
 * @param {Size} size
 * @param {boolean} isChosen
 * @param {boolean} isNamed
 */
function box({ box: edges, label, score }, size, isChosen, isNamed) {
  const [left, top, right, bottom] = edges ?? [];
  const name = `${label.split(',')[0]} ${Math.round(100 * score)} %`;
  const mark = make('div', { className: isChosen ? 'mark chosen' : 'mark' }, ...isNamed ? [make('span', { textContent: name })] : []);
  // A name that would lie beyond the picture's upper edge lies inside the box.
  mark.classList.toggle('low', top < size.height * 0.06);
  Object.assign(mark.style, {
    left: `${100 * left / size.width}%`, top: `${100 * top / size.height}%`, width: `${100 * (right - left) / size.width}%`,
    height: `${100 * (bottom - top) / size.height}%`,
  });
  return mark;
}

/**
 * @param {number[]} place
 * @param {Size} size
 * @param {number} index
 * @param {boolean} isChosen
 */
function dot([x, y], size, index, isChosen) {
  const mark = make('div', { className: isChosen ? 'dot chosen' : 'dot' });
  Object.assign(mark.style, {
    left: `${100 * x / size.width}%`, top: `${100 * y / size.height}%`, background: `rgb(${palette[index % palette.length].join()})`,
  });
  return mark;
}

/**
 * @param {Finding[]} found
 * @param {Finding | null} chosen
 */
function masks(found, chosen) {
  const [width, height] = found[0].mask?.size ?? [1, 1], canvas = make('canvas', { width, height });
  const image = new ImageData(width, height);
  found.forEach((f, index) => {
    if (!f.mask) return;
    const inside = cells(f.mask), color = [...palette[index % palette.length], f === chosen || !chosen ? STRONG : FAINT];
    for (let i = 0; i < inside.length; i++) if (inside[i]) image.data.set(color, 4 * i);
  });
  brush(canvas).putImageData(image, 0, 0);
  return canvas;
}

/**
 * Lets a picture's panel be clicked: what lies there is explained.
 * @param {HTMLElement} panel
 * @param {Size} size The picture's.
 * @param {(target: string) => void} choose
 */
export function listenForPicks(panel, size, choose) {
  let down = [0, 0];
  /** @param {MouseEvent} event */
  const target = event => {
    const { reading, found } = session;
    if (!reading) return null;
    const { left, top, width, height } = panel.getBoundingClientRect(), scale = size.width / (width * view.zoom);
    const x = ((event.clientX - left) / width - view.x) / view.zoom * size.width;
    const y = ((event.clientY - top) / height - view.y) / view.zoom * size.height;
    return targetAt(reading, found, x, y, size, REACH * scale);
  };
  panel.addEventListener('pointerdown', e => { down = [e.clientX, e.clientY]; });
  panel.addEventListener('pointermove', e => { panel.classList.toggle('picks', e.buttons === 0 && target(e) !== null); });
  panel.addEventListener('click', e => {
    if (Math.hypot(e.clientX - down[0], e.clientY - down[1]) > STILL) return;
    const found = target(e);
    if (found !== null && found !== session.shownTarget) choose(found);
  });
}
