// The second picture, with which a model that embeds pictures compares the first.

import { $, element, fail, make } from './dom.js';
import { forgetHandle, isPair, session, settings } from './session.js';

/** @typedef {import('./session.js').Picture} Picture */

/**
 * Builds the choice of the second picture.
 * @param {(file: Blob, name: string, path: string, sample: string | null) => Promise<Picture | null>} open Makes a picture of a file.
 * @param {() => void} refresh
 */
export function buildOther(open, refresh) {
  const input = element('other-file', HTMLInputElement);
  /**
   * @param {Blob} file
   * @param {string} name
   * @param {string} path
   * @param {string | null} sample
   */
  const take = async (file, name, path, sample) => {
    const picture = await open(file, name, path, sample);
    if (!picture) return;
    forgetHandle(session.other);
    session.other = picture;
    showOther();
    refresh();
  };
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) take(file, file.name, file.name, null).catch(fail).finally(() => { input.value = ''; });
  });
  $('other-samples').replaceChildren(...settings.samples.map(name => {
    const picture = make('img', { src: `/samples/${encodeURIComponent(name)}`, alt: name.replace(/\.[^.]*$/, '').replaceAll('-', ' '), loading: 'lazy' });
    const button = make('button', {
      onclick: () => { sample(name).then(file => take(file, name, `samples/${name}`, name)).catch(fail); },
    }, picture);
    button.dataset.other = name;
    return make('li', {}, button);
  }));
  begin = async () => {
    if (!isPair() || session.other) return;
    const name = settings.samples.find(s => s !== session.picture?.sample);
    if (!name) return;
    const picture = await open(await sample(name), name, `samples/${name}`, name);
    if (!session.other) session.other = picture;
  };
}

/** Chooses a second picture, where one is needed and none is chosen. */
export let begin = async () => { };

/** Shows the choice where the model compares pictures. */
export function showOther() {
  $('second').hidden = !isPair();
  for (const button of $('other-samples').querySelectorAll('button'))
    button.setAttribute('aria-pressed', String(button.dataset.other === session.other?.sample));
}

/** @param {string} name */
async function sample(name) {
  const response = await fetch(`/samples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`The sample ${name} could not be loaded: ${response.status} ${response.statusText}.`);
  return response.blob();
}
