// The server's HTTP API.

/**
 * @typedef {{ original: number[], resized: number[], crop: number[] }} Geometry Where the network's input lies in the picture.
 * @typedef {{ index: number, label: string, probability: number | null }} Prediction
 * @typedef {{ method: string, class: { index: number, label: string }, shape: number[], min: number, max: number, empty: boolean,
 *   box: number[] | null, map: { dtype: string, shape: number[], data: string } }} Explanation
 * @typedef {{ model: string, layer: { name: string, shape: number[], reason: string }, timings: { load_ms: number, run_ms: number },
 *   results: { input: string, geometry: Geometry, predictions: Prediction[], explanations: Explanation[] }[] }} Answer
 * @typedef {{ name: string, operator: string, shape: number[], map: number[], format: string, default: boolean, missing: string[] }} Layer
 * @typedef {{ name: string, title: string, equation: string, summary: string, pixel_space: boolean }} Method
 * @typedef {{ name: string, argument: string, classes: number, labels: string[] }} Model
 * @typedef {{ models: Model[], methods: Method[], limits: { bytes: number, pixels: number } }} Served
 * @typedef {{ command: string, options: string[], layer: string | null, samples: string[],
 *   colormaps: { name: string, colors: string }[] }} Settings
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
 * Explains a kept picture.
 * @param {string} picture Its handle.
 * @param {{ model: string, layer: string | null, method: string, cls: number | string }} what
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export function explain(picture, { model, layer, method, cls }, signal) {
  const query = new URLSearchParams({ picture, model, method, class: String(cls), maps: 'float32' });
  if (layer) query.set('layer', layer);
  return ask(`/api/explain?${query}`, { method: 'POST', signal });
}
