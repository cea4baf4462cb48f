// What the page knows: what is served, what the visitor has chosen, and the answers about the picture shown.

import { explain, forget, get, keep, Refused } from './api.js';

/**
 * @typedef {import('./api.js').Answer} Answer
 * @typedef {import('./files.js').State} State
 * @typedef {{ file: Blob, name: string, path: string, sample: string | null, bitmap: ImageBitmap, handle: Promise<string> | null,
 *   small: Pixels | null } & Pixels} Picture
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray }} Pixels RGBA.
 */

const answered = await Promise.all([get('/page/settings.json'), get('/api/models')]);

/** @type {import('./api.js').Settings} */
export const settings = answered[0];

/** @type {import('./api.js').Served} */
export const served = answered[1];

export const colors = Object.fromEntries(settings.colormaps.map(m => [m.name, Uint8Array.from(atob(m.colors), c => c.charCodeAt(0))]));
export const methods = Object.fromEntries(served.methods.map(m => [m.name, m]));
export const models = Object.fromEntries(served.models.map(m => [m.name, m]));

/** @type {State} */
export const initial = {
  model: served.models[0].name, sample: settings.samples.find(s => s.startsWith('mugs')) ?? settings.samples[0],
  methods: [served.methods[0].name], cls: null, layer: null, view: 'overlay', colors: 'turbo', opacity: 75, threshold: 50, box: true,
  hide: false,
};

/** What is shown now. */
export const session = {
  state: { ...initial },
  /** @type {Picture | null} The picture: its file, its name, and its pixels at the size that is drawn. */
  picture: null,
  /** @type {import('./api.js').Layer[]} The layers of the model that can be explained. */
  layers: [],
  /** @type {import('./api.js').Prediction[]} */
  predictions: [],
  /** @type {number | null} The class explained. */
  shown: null,
  /** Counts what was asked for: an answer to an older question is thrown away. */
  turn: 0,
};

/** The layer that is explained where none is named. */
export const defaultLayer = () => session.layers.find(l => l.default)?.name;

/** @type {Map<string, Promise<Answer>>} Answers about this picture, by what was asked. */
const answers = new Map();
/** @type {Map<string, number>} The most probable class, by model. */
const mostProbable = new Map();
let leave = new AbortController();

/** Forgets the picture, here and on the server: runs under way for it are stopped. */
export function forgetPicture() {
  leave.abort();
  leave = new AbortController();
  answers.clear();
  mostProbable.clear();
  const { picture } = session;
  picture?.handle?.then(forget, () => { });
  if (picture) picture.handle = null;
}

/**
 * Explains the picture, which the server has kept; where it has been forgotten, it is sent once more.
 * @param {Picture} picture
 * @param {{ model: string, layer: string | null, method: string, cls: number | string }} what
 * @returns {Promise<Answer>}
 */
async function ask(picture, what) {
  const { signal } = leave;
  for (let attempt = 1; ; attempt++) {
    const handle = picture.handle ??= keep(picture.file, signal);
    const forgetHandle = () => { if (picture.handle === handle) picture.handle = null; };
    // What could not be kept is sent again by the next question.
    handle.catch(forgetHandle);
    try {
      return await explain(await handle, what, signal);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 410) || attempt === 2) throw error;
      forgetHandle();
    }
  }
}

/**
 * The answer to a question about the picture. Asked once: the panels and the strip share what they have in common.
 * @param {string} method
 * @param {string | null} layer Null for the default.
 * @param {number | null} cls Null for the most probable.
 * @returns {Promise<Answer>}
 */
export function answer(method, layer = session.state.layer, cls = session.state.cls) {
  const { picture, state: { model } } = session;
  if (!picture) return Promise.reject(new Error('There is no picture.'));
  const at = layer === defaultLayer() ? null : layer;
  /** @param {number | string} c */
  const key = c => JSON.stringify([model, at, method, c]);
  const wanted = cls ?? mostProbable.get(model) ?? 'top1';
  let asked = answers.get(key(wanted));
  if (asked) return asked;
  asked = ask(picture, { model, layer: at, method, cls: wanted }).then(result => {
    const { index } = result.results[0].explanations[0].class;
    if (wanted === 'top1') mostProbable.set(model, index);
    if (asked) answers.set(key(index), asked);
    return result;
  });
  answers.set(key(wanted), asked);
  asked.catch(() => answers.delete(key(wanted)));
  return asked;
}

/**
 * Takes over what a link says, as far as it makes sense.
 * @param {Partial<State>} wanted
 */
export function adopt(wanted) {
  const next = { ...initial, ...wanted };
  if (!models[next.model]) next.model = initial.model;
  next.methods = next.methods.filter((m, i, all) => methods[m] && all.indexOf(m) === i);
  if (next.methods.length === 0) next.methods = initial.methods;
  if (!next.sample || !settings.samples.includes(next.sample)) next.sample = initial.sample;
  if (!colors[next.colors]) next.colors = initial.colors;
  if (!['overlay', 'alone', 'masked'].includes(next.view)) next.view = initial.view;
  if (next.cls !== null && next.cls >= models[next.model].classes) next.cls = null;
  next.opacity = Math.min(next.opacity, 100);
  next.threshold = Math.min(next.threshold, 99);
  session.state = next;
}

/** How maps are drawn. */
export function look() {
  const { view, opacity, threshold, hide } = session.state;
  return { view, opacity: opacity / 100, threshold: threshold / 100, hide };
}
