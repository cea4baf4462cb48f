// Parts that pages are made of.

import { pictureFile } from './audit.js';
import { drawPicture } from './evidence.js';

/** @typedef {import('./audit.js').Audit} Audit */
/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} attributes Functions listen to events.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children.flat()) {
    if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false) element.append(String(child));
  }
  return element;
}

/** @param {number} value */
export const percent = value => `${Math.round(100 * value)} %`;

/** @param {number} value */
export const decimals = value => (Math.abs(value) < 0.005 ? 0 : value).toFixed(2).replace('-', '−');

/**
 * A number of things.
 * @param {number} number
 * @param {string} one
 */
export const counted = (number, one) => `${number.toLocaleString('en')} ${one}${number === 1 ? '' : one.endsWith('s') ? 'es' : 's'}`;

/**
 * A picture with its map upon it.
 * @param {Audit} audit
 * @param {number} picture
 * @param {string} alt
 */
export function seen(audit, picture, alt) {
  const map = make('canvas', { class: 'map', 'aria-hidden': 'true', width: 1, height: 1 });
  const box = make('span', { class: 'seen' }, make('img', { src: pictureFile(picture), alt, decoding: 'async', draggable: 'false' }), map);
  box.style.aspectRatio = `${audit.input[0]} / ${audit.input[1]}`;
  drawPicture(audit, map, picture);
  return box;
}

/**
 * A link to a picture, with the picture.
 * @param {Audit} audit
 * @param {number} picture
 */
export function tile(audit, picture) {
  const { id, right, truth, probability } = audit.pictures;
  const isWrong = right[picture] === '0', name = id[picture].split('/').at(-1) ?? '';
  const below = make('span', { class: 'below' },
    isWrong ? make('span', { class: 'wrong' }, make('span', { class: 'unseen' }, 'wrong, labelled '), audit.truths[truth[picture]]) : make('span', {}, ''),
    make('span', { class: 'number' }, percent(probability[picture])));
  const text = `${name}, ${percent(probability[picture])}${isWrong ? `, wrong: it is labelled ${audit.truths[truth[picture]]}` : ''}`;
  return make('a', { class: isWrong ? 'tile is-wrong' : 'tile', href: `#/picture/${picture}`, title: text },
    seen(audit, picture, name), below);
}

/**
 * Saves a text as a file.
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function save(name, type, text) {
  const link = make('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @type {number | undefined} */
let fading;

/**
 * Says something at the lower edge, to screen readers too.
 * @param {string} text
 */
export function say(text) {
  const place = document.querySelector('#said');
  if (!place) return;
  place.textContent = text;
  place.classList.add('is-shown');
  clearTimeout(fading);
  fading = setTimeout(() => place.classList.remove('is-shown'), 3500);
}
