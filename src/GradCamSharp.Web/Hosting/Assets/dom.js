// What the scripts of every page need of the document.

/**
 * An element of the page.
 * @template {HTMLElement} T
 * @param {string} id Its id.
 * @param {new () => T} type What it is.
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} '${id}'.`);
  return found;
}

/**
 * An element of the page, whatever it is.
 * @param {string} id Its id.
 */
export const $ = id => element(id, HTMLElement);

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * The place to draw on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function brush(canvas) {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas to draw on.');
  return context;
}

/**
 * What was thrown, in words.
 * @param {unknown} error
 */
export const words = error => error instanceof Error ? error.message : String(error);

/**
 * Whether a request was given up by the page itself.
 * @param {unknown} error
 */
export const isGivenUp = error => error instanceof DOMException && error.name === 'AbortError';

/**
 * Shows what went wrong; a request that was given up is no error.
 * @param {unknown} error
 */
export function fail(error) {
  if (isGivenUp(error)) return;
  $('error').textContent = words(error);
  $('error').hidden = false;
}

/**
 * Tells it to a screen reader.
 * @param {string} text
 */
export const say = text => { $('status').textContent = text; };
