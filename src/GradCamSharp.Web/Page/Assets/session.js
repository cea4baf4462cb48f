// What the page knows: what is served, what the visitor has chosen, and the answers about the picture shown.

import { describe, explain, explainFilm, forget, get, keep, Refused, stop } from './api.js';

/**
 * @typedef {import('./api.js').Answer} Answer
 * @typedef {import('./files.js').State} State
 * @typedef {import('./api.js').What} What
 * @typedef {{ key: string, picture: Picture, method: string, what: (signal: AbortSignal) => Promise<What>, run: string | null }} Question
 * @typedef {{ id: number, file: Blob, name: string, path: string, sample: string | null, bitmap: ImageBitmap, handle: Promise<string> | null,
 *   small: Pixels | null, film: Film | null } & Pixels} Picture
 * @typedef {{ frames: { seconds: number, jpeg: Blob }[], at: number }} Film The frames of a film, and the one that is shown; none until
 *   they have been answered.
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

export const signedColors = Uint8Array.from(atob(settings.signed), c => c.charCodeAt(0));

/** @type {State} */
export const initial = {
  model: served.models[0].name, sample: settings.samples.find(s => s.startsWith('mugs')) ?? settings.samples[0],
  methods: [served.models[0].method], set: [], cls: null, target: null, layer: null, texts: [], view: 'overlay', colors: 'turbo', opacity: 75,
  threshold: 50, box: true, marks: true, hide: false,
};

/** What is shown now. */
export const session = {
  state: { ...initial },
  /** @type {Picture | null} The picture: its file, its name, and its pixels at the size that is drawn. */
  picture: null,
  /** @type {Picture | null} The other picture, which a model that embeds pictures compares this one with. */
  other: null,
  /** @type {import('./api.js').Layer[]} The layers of the model that can be explained. */
  layers: [],
  /** @type {import('./api.js').Prediction[]} */
  predictions: [],
  /** @type {number | null} The class explained. */
  shown: null,
  /** @type {string | null} The target explained, where that is no class of a classifier. */
  shownTarget: null,
  /** @type {import('./api.js').Reading | null} What the model says of the picture, where it is no classifier. */
  reading: null,
  /** @type {import('./api.js').Fit[]} How well each text fits the picture, of a model that compares it with texts. */
  fits: [],
  /** @type {import('./targets.js').Finding[]} What can be chosen of it. */
  found: [],
  /** Counts what was asked for: an answer to an older question is thrown away. */
  turn: 0,
};

/** The model that is shown. */
export const model = () => models[session.state.model];

/** Whether the model is a classifier, whose classes are explained. */
export const isClassifier = () => model().classes > 0;

/** Whether the model takes films. */
export const takesFilms = () => model().clip !== null;

/** Whether the picture is compared with texts. */
export const isTexts = () => session.state.texts.length > 0 && takesTexts();

/** Whether the model takes texts. */
export const takesTexts = () => model().texts !== null && model().texts?.lacking === null;

/** Whether the model embeds pictures, which are compared. */
export const isPair = () => model().task === 'embed' && session.state.target === null && !isTexts();

/** The layer that is explained where none is named. */
export const defaultLayer = () => session.layers.find(l => l.default)?.name;

/** @type {Map<string, Promise<Answer>>} Answers about the pictures, by what was asked. */
const answers = new Map();
/** @type {Map<string, { run: string | null, stop: AbortController }>} Questions that are being answered. */
const underWay = new Map();
/** @type {Map<string, number>} The most probable class, by model. */
const mostProbable = new Map();
let leave = new AbortController(), pictures = 0;

/** A number for a new picture. */
export const nextPicture = () => ++pictures;

/** Ends when the picture is left. */
export const leaving = () => leave.signal;

/** Forgets the picture, here and on the server: runs under way for it are stopped. */
export function forgetPicture() {
  leave.abort();
  leave = new AbortController();
  answers.clear();
  mostProbable.clear();
  forgetHandle(session.picture);
}

/** Forgets both pictures. */
export function forgetAll() {
  forgetPicture();
  forgetHandle(session.other);
}

/** @param {Picture | null} picture */
export function forgetHandle(picture) {
  picture?.handle?.then(forget, () => { });
  if (picture) picture.handle = null;
}

/**
 * The handle under which the server keeps a picture; it is sent where it is not kept yet.
 * @param {Picture} picture
 * @param {AbortSignal} signal
 */
function handleOf(picture, signal) {
  const handle = picture.handle ??= keep(picture.file, signal);
  // What could not be kept is sent again by the next question.
  handle.catch(() => { if (picture.handle === handle) picture.handle = null; });
  return handle;
}

/**
 * Asks about kept pictures; where one has been forgotten, they are sent once more.
 * @template T
 * @param {Picture[]} about
 * @param {() => Promise<T>} question
 * @returns {Promise<T>}
 */
async function asking(about, question) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof Refused && error.status === 410) || attempt === 2) throw error;
      for (const picture of about) picture.handle = null;
    }
  }
}

/**
 * What is asked of the server for a map; null where there is nothing to explain yet.
 * @param {string} method
 * @param {{ layer?: string | null, cls?: number | null, picture?: Picture | null }} of The layer, null for the default; the class, null for
 *   the most probable.
 * @returns {Question | null}
 */
export function question(method, { layer = session.state.layer, cls = session.state.cls, picture = session.picture } = {}) {
  const { state } = session, { target } = state;
  if (!picture) return null;
  const at = layer === defaultLayer() ? null : layer, set = state.set.filter(s => s.startsWith(`${method}.`));
  /** @type {What} */
  const what = { model: state.model, layer: at, method, set, cls: null, target, texts: isTexts() ? state.texts : [] };
  const run = methods[method].kind === 'graph' ? null : randomName();
  if (isPair()) {
    const other = picture === session.other ? session.picture : session.other;
    if (!other) return null;
    return {
      key: keyOf(picture, what, other.id), picture, method, run,
      what: async signal => ({ ...what, target: `similarity:${await handleOf(other, signal)}` }),
    };
  }
  if (target === null && isTexts()) what.cls = cls ?? 'top1';
  else if (target === null && isClassifier()) what.cls = cls ?? mostProbable.get(state.model) ?? 'top1';
  else if (target === null && model().target === null) return null;
  return { key: keyOf(picture, what), picture, method, run, what: () => Promise.resolve(what) };
}

/**
 * @param {Picture} picture
 * @param {What} what
 * @param {number} other
 */
const keyOf = (picture, what, other = 0) => JSON.stringify([picture.id, what, other]);

/** A name that nobody guesses. */
const randomName = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');

/**
 * Whether a question is answered, or being answered.
 * @param {Question} asked
 */
export const isAsked = asked => answers.has(asked.key);

/**
 * The answer to a question. Asked once: the panels and the strip share what they have in common.
 * @param {Question} asked
 * @returns {Promise<Answer>}
 */
export function answer(asked) {
  const { key, picture, run } = asked, { model: name } = session.state;
  let found = answers.get(key);
  if (found) return found;
  const own = new AbortController(), signal = AbortSignal.any([leave.signal, own.signal]);
  underWay.set(key, { run, stop: own });
  found = (picture.film ? asked.what(signal).then(what => explainFilm(picture.file, what, signal, run))
    : asking([picture, ...session.other ? [session.other] : []], async () =>
    explain(await handleOf(picture, signal), await asked.what(signal), signal, run))).then(async result => {
    const { index } = result.results[0].explanations[0].class ?? {}, what = await asked.what(signal);
    if (what.cls === 'top1' && what.texts.length === 0 && index !== undefined) {
      mostProbable.set(name, index);
      if (found) answers.set(keyOf(picture, { ...what, cls: index }), found);
    }
    return result;
  }).finally(() => underWay.delete(key));
  answers.set(key, found);
  found.catch(() => answers.delete(key));
  return found;
}

/**
 * Stops what is being answered, on the server too, but for what is still wanted.
 * @param {Set<string>} wanted The keys of questions.
 */
export function stopOthers(wanted) {
  for (const key of underWay.keys()) if (!wanted.has(key)) stopOne(key);
}

/**
 * Stops a question that takes many runs; others are soon answered, and may be wanted again.
 * @param {string} key
 */
export function stopOne(key) {
  const own = underWay.get(key);
  if (!own?.run) return;
  stop(own.run);
  own.stop.abort();
}

/** @type {Map<string, Promise<import('./api.js').Reading>>} What models say of pictures. */
const readings = new Map();

/**
 * What the model says of the picture.
 * @param {Picture} picture
 */
export function readingOf(picture) {
  const { model: name } = session.state, key = `${picture.id} ${name}`, signal = leave.signal;
  let found = readings.get(key);
  if (found) return found;
  found = asking([picture], async () => describe(await handleOf(picture, signal), name, signal));
  readings.clear();
  readings.set(key, found);
  found.catch(() => readings.delete(key));
  return found;
}

/**
 * Takes over what a link says, as far as it makes sense.
 * @param {Partial<State>} wanted
 */
export function adopt(wanted) {
  const next = { ...initial, ...wanted };
  if (!models[next.model]) next.model = initial.model;
  next.methods = (wanted.methods ?? []).filter((m, i, all) => methods[m] && all.indexOf(m) === i);
  if (next.methods.length === 0) next.methods = [models[next.model].method];
  next.set = next.set.filter(s => methods[s.split('.')[0]]?.parameters.some(p => s.startsWith(`${s.split('.')[0]}.${p.name}=`)));
  if (!next.sample || !settings.samples.includes(next.sample)) next.sample = initial.sample;
  if (!colors[next.colors]) next.colors = initial.colors;
  if (!['overlay', 'alone', 'masked'].includes(next.view)) next.view = initial.view;
  const { texts } = models[next.model];
  next.texts = texts && texts.lacking === null ? next.texts.map(t => t.slice(0, texts.longest)).slice(0, texts.most) : [];
  if (next.cls !== null && next.cls >= (next.texts.length || models[next.model].classes)) next.cls = null;
  if (next.target !== null) next.cls = null;
  next.opacity = Math.min(next.opacity, 100);
  next.threshold = Math.min(next.threshold, 99);
  session.state = next;
}

/** How maps are drawn. */
export function look() {
  const { view, opacity, threshold, hide } = session.state;
  return { view, opacity: opacity / 100, threshold: threshold / 100, hide };
}
