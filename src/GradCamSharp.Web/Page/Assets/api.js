// The server's HTTP API.

/**
 * @typedef {{ original: number[], resized: number[], crop: number[] }} Geometry Where the network's input lies in the picture.
 * @typedef {{ index: number, label: string, probability: number | null }} Prediction
 * @typedef {{ method: string, class?: { index: number, label: string }, target?: { spec: string, slug: string, value: number, words?: string },
 *   layer?: string, shape: number[], min: number, max: number, empty: boolean, box: number[] | null, residual?: number,
 *   map: { dtype: string, shape: number[], data: string }, maps?: { form: string, shape: number[], frames: string[] },
 *   parts?: { first: number, frames: number, label: string, value: number, empty: boolean }[] }} Explanation
 * @typedef {{ model: string, layer: { name: string, shape: number[], reason: string }, timings: { load_ms: number, run_ms: number },
 *   results: { input: string, geometry: Geometry, predictions: Prediction[], texts?: Fit[], explanations: Explanation[], notes?: string[],
 *     task?: string, film?: { frames: number, seconds: number }, frames?: { seconds: number, jpeg?: string }[] }[] }} Answer
 * @typedef {{ text: string, score: number, probability?: number }} Fit A text, and how well it fits the picture.
 * @typedef {{ index: number, class: number, label: string, score: number, box: number[], keypoints?: number[][] }} Detection
 * @typedef {{ target: string, label: string, score: number, size: number[], counts: number[] }} Mask
 * @typedef {{ target: string, label: string, x: number, y: number, score: number }} Keypoint
 * @typedef {{ task: string, geometry: Geometry, detections: Detection[], masks: Mask[], keypoints: Keypoint[], predictions: Prediction[],
 *   summary: string }} Reading What a model says of a picture.
 * @typedef {{ name: string, operator: string, shape: number[], map: number[] | null, format: string, default: boolean,
 *   missing: string[] }} Layer
 * @typedef {{ name: string, default: string, range: string, meaning: string, choices: string[], bounds: number[] | null, whole: boolean,
 *   word: string | null }} Parameter
 * @typedef {{ name: string, title: string, family: string, equation: string, summary: string, cost: string, kind: string,
 *   pixel_space: boolean, signed: boolean, targets: boolean, parameters: Parameter[] }} Method
 * @typedef {{ name: string, argument: string, task: string, head: string, reason: string, target: string | null, targets: string,
 *   classes: number, labels: string[], method: string,
 *   texts: { kind: string, lacking: string | null, start: string[], most: number, longest: number } | null, clip: { frames: number, stride: number } | null }} Model
 * @typedef {{ models: Model[], methods: Method[], limits: { bytes: number, pixels: number, seconds: number, frames: number, films: boolean } }} Served
 * @typedef {{ command: string, options: string[], layer: string | null, samples: string[], signed: string,
 *   colormaps: { name: string, colors: string }[] }} Settings
 * @typedef {{ model: string, layer: string | null, method: string, set: string[], cls: number | string | null, target: string | null,
 *   texts: string[] }} What
 *   What is explained, and how.
 * @typedef {{ runs: number, seconds: number, long: boolean }} Estimate
 * @typedef {{ state: string, done: number, total: number, seconds: number }} Progress
 */

const ATTEMPTS = 4;

/** An answer other than success; the message is the server's reason. */
export class Refused extends Error {
  /**
   * @param {string} reason
   * @param {number} status The HTTP status.
   * @param {number} retryAfter After how many seconds to try again; 0 if that would not help.
   */
  constructor(reason, status, retryAfter) {
    super(reason);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/**
 * Asks the server; where it is busy, again when it says so.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function ask(path, options = {}) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(path, options).catch(error => {
      if (options.signal?.aborted) throw error;
      throw new Error('The server does not answer. Start it again if it was stopped, then load this page again.');
    });
    if (response.ok) return response.json();
    let reason = `The server answered ${response.status} ${response.statusText}.`;
    try {
      reason = (await response.json()).detail ?? reason;
    } catch { /* no reason was given */ }
    const refused = new Refused(reason, response.status, Number(response.headers.get('Retry-After')) || 0);
    if (!refused.retryAfter || attempt === ATTEMPTS || options.signal?.aborted) throw refused;
    await new Promise(done => setTimeout(done, 1000 * refused.retryAfter));
  }
}

/** @param {string} path */
export const get = path => ask(path);

/**
 * Has the server keep a picture.
 * @param {Blob} picture
 * @param {AbortSignal} signal
 * @returns {Promise<string>} Its handle.
 */
export async function keep(picture, signal) {
  const form = new FormData();
  form.append('image', picture, 'image');
  return (await ask('/api/pictures', { method: 'POST', body: form, signal })).picture;
}

/**
 * Has the server forget a picture. It answers to nobody: the page may be gone.
 * @param {string} picture Its handle.
 */
export const forget = picture => { fetch(`/api/pictures/${picture}`, { method: 'DELETE', keepalive: true }).catch(() => { }); };

/**
 * @param {What} what
 * @param {Record<string, string>} more
 */
function queryOf({ model, layer, method, set, cls, target, texts }, more = {}) {
  const query = new URLSearchParams({ ...more, model, method });
  if (target !== null) query.set('target', target);
  else if (cls !== null) query.set('class', String(cls));
  if (layer) query.set('layer', layer);
  for (const setting of set) query.append('set', setting);
  for (const text of texts) query.append('text', text);
  return query;
}

/**
 * Explains a kept picture.
 * @param {string} picture Its handle.
 * @param {What} what
 * @param {AbortSignal} signal
 * @param {string | null} run A name under which the server says how far it is.
 * @returns {Promise<Answer>}
 */
export const explain = (picture, what, signal, run) =>
  ask(`/api/explain?${queryOf(what, { picture, maps: 'float32', ...run && { run } })}`, { method: 'POST', signal });

/**
 * Explains a film; its frames are answered with their maps.
 * @param {Blob} film
 * @param {What} what
 * @param {AbortSignal} signal
 * @param {string | null} run A name under which the server says how far it is.
 * @returns {Promise<Answer>}
 */
export function explainFilm(film, what, signal, run) {
  const form = new FormData();
  form.append('film', film, 'film');
  return ask(`/api/film?${queryOf(what, { maps: 'float32', frames: 'jpeg', ...run && { run } })}`, { method: 'POST', body: form, signal });
}

/**
 * What a model says of a kept picture.
 * @param {string} picture Its handle.
 * @param {string} model
 * @param {AbortSignal} signal
 * @returns {Promise<Reading>}
 */
export const describe = (picture, model, signal) =>
  ask(`/api/describe?${new URLSearchParams({ picture, model })}`, { method: 'POST', signal });

/**
 * About how long an explanation takes.
 * @param {What} what
 * @param {AbortSignal} signal
 * @returns {Promise<Estimate>}
 */
export const estimate = (what, signal) => ask(`/api/estimate?${queryOf(what)}`, { signal });

/**
 * How far a run is; null where it has ended or has not begun.
 * @param {string} run
 * @returns {Promise<Progress | null>}
 */
export async function progress(run) {
  const response = await fetch(`/api/runs/${run}`).catch(() => null);
  return response?.ok ? response.json() : null;
}

/**
 * Stops a run on the server.
 * @param {string} run
 */
export const stop = run => { fetch(`/api/runs/${run}`, { method: 'DELETE', keepalive: true }).catch(() => { }); };

/**
 * Compares methods on kept pictures.
 * @param {{ model: string, pictures: string[], methods: string[], run: string }} what
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export const compare = (what, signal) => ask('/api/compare', {
  method: 'POST', body: JSON.stringify(what), headers: { 'Content-Type': 'application/json' }, signal,
});
