// What the page knows: what is served, what the visitor has chosen, and the answers about the picture shown.

import { explain, get } from './api.js';

export const [settings, served] = await Promise.all([get('/page/settings.json'), get('/api/models')]);
export const colors = Object.fromEntries(settings.colormaps.map(m => [m.name, Uint8Array.from(atob(m.colors), c => c.charCodeAt(0))]));
export const methods = Object.fromEntries(served.methods.map(m => [m.name, m]));
export const models = Object.fromEntries(served.models.map(m => [m.name, m]));

export const initial = {
  model: served.models[0].name, sample: settings.samples.find(s => s.startsWith('mugs')) ?? settings.samples[0], methods: [served.methods[0].name],
  cls: null, layer: null, view: 'overlay', colors: 'turbo', opacity: 75, threshold: 50, box: true, hide: false,
};

/** What is shown now. */
export const session = {
  state: { ...initial },
  /** The picture: its file, its name, and its pixels at the size that is drawn. */
  picture: null,
  /** The layers of the model that can be explained. */
  layers: [],
  predictions: [],
  /** The class explained. */
  shown: null,
  /** Counts what was asked for: an answer to an older question is thrown away. */
  turn: 0,
};

// Answers about this picture, by what was asked.
const answers = new Map();
let leave = new AbortController();

/** Forgets the picture: runs under way for it are stopped. */
export function forget() {
  leave.abort();
  leave = new AbortController();
  answers.clear();
}

/** The answer to a question about the picture; asked once. */
export function answer(method, layer = session.state.layer, cls = session.state.cls) {
  const { model } = session.state, key = JSON.stringify([model, layer, method, cls]);
  if (!answers.has(key)) {
    const asked = explain(session.picture.file, { model, layer, method, cls: cls ?? 'top1' }, leave.signal);
    answers.set(key, asked);
    asked.catch(() => answers.delete(key));
  }
  return answers.get(key);
}

/** Takes over what a link says, as far as it makes sense. */
export function adopt(wanted) {
  const next = { ...initial, ...wanted };
  if (!models[next.model]) next.model = initial.model;
  next.methods = next.methods.filter((m, i, all) => methods[m] && all.indexOf(m) === i);
  if (next.methods.length === 0) next.methods = initial.methods;
  if (!settings.samples.includes(next.sample)) next.sample = initial.sample;
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
