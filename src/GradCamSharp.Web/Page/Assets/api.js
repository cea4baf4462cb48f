// The server's HTTP API.

/** An answer other than success; the message is the server's reason. */
export class Refused extends Error {}

async function read(response) {
  if (response.ok) return response.json();
  let reason = `${response.status} ${response.statusText}`;
  try {
    reason = (await response.json()).detail ?? reason;
  } catch { /* no reason was given */ }
  const error = new Refused(reason);
  error.retryAfter = Number(response.headers.get('Retry-After')) || 0;
  throw error;
}

export const get = path => fetch(path).then(read);

/** Explains a picture; where the server is busy, again when it says so. */
export async function explain(picture, { model, layer, method, cls }, signal) {
  const query = new URLSearchParams({ model, method, class: cls, maps: 'float32' });
  if (layer) query.set('layer', layer);
  for (let attempt = 0; ; attempt++) {
    const form = new FormData();
    form.append('image', picture, 'image');
    try {
      return await fetch(`/api/explain?${query}`, { method: 'POST', body: form, signal }).then(read);
    } catch (error) {
      if (!error.retryAfter || attempt === 3 || signal.aborted) throw error;
      await new Promise(done => setTimeout(done, 1000 * error.retryAfter));
    }
  }
}
