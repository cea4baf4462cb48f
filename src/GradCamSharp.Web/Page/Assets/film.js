// A film: its frames one after the other, with a slider, and a button that plays them.

import { $, element, fail } from './dom.js';
import { drawFrame, pixels } from './panels.js';
import { answer, model, nextPicture, question, served, session, takesFilms } from './session.js';

/** @typedef {import('./session.js').Picture} Picture */

const slider = element('frame', HTMLInputElement), play = element('play', HTMLButtonElement);
let timer = 0, showing = 0;

/**
 * A film of a file, before anything is known of its frames.
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<Picture>}
 */
export async function openFilm(file, name) {
  const { bytes } = served.limits;
  if (file.size > bytes) throw new Error(`The film is larger than ${Math.floor(bytes / 1048576)} MiB, the limit of this server.`);
  const bitmap = await createImageBitmap(new ImageData(1, 1));
  return {
    id: nextPicture(), file, name, path: name, sample: null, bitmap, handle: null, small: null, film: { frames: [], at: 0 },
    ...pixels(bitmap, 1, 1),
  };
}

/**
 * Has a film explained for the first time: its frames come with the first answer.
 * @param {Picture} picture
 */
export async function readFilm(picture) {
  const { film } = picture, asked = question(session.state.methods[0], { picture });
  if (!film || film.frames.length > 0) return;
  if (!asked) throw new Error(`This model has no target of its own. Name one: ${model().targets}.`);
  const { frames } = (await answer(asked)).results[0];
  film.frames = (frames ?? []).map(({ seconds, jpeg }) => ({
    seconds, jpeg: new Blob([Uint8Array.from(atob(jpeg ?? ''), c => c.charCodeAt(0))], { type: 'image/jpeg' }),
  }));
  await take(picture, 0);
}

/**
 * Makes a frame the picture's pixels, unless another one was wanted meanwhile.
 * @param {Picture} picture
 * @param {number} at
 * @returns {Promise<boolean>} Whether it is the one.
 */
async function take(picture, at) {
  const { film } = picture, mine = ++showing;
  if (!film) return false;
  const bitmap = await createImageBitmap(film.frames[at].jpeg);
  if (mine !== showing) {
    bitmap.close();
    return false;
  }
  picture.bitmap.close();
  Object.assign(picture, { bitmap, ...pixels(bitmap, bitmap.width, bitmap.height) });
  film.at = at;
  return true;
}

/** Shows the slider where a film is shown, and what is wanted where the model takes films and none is. */
export function showFilm() {
  const film = session.picture?.film ?? null, isRead = film !== null && film.frames.length > 0;
  $('film').hidden = !isRead;
  $('film-wanted').hidden = !takesFilms() || film !== null;
  $('panels').hidden = takesFilms() && !isRead;
  if (!isRead) pause();
  if (!takesFilms()) return;
  $('film-wanted').textContent = `This model takes clips of ${model().clip?.frames} frames. Choose a film: an animated GIF or WebP`
    + `${served.limits.films ? ', or MP4 and what else ffmpeg reads' : ''}, of ${served.limits.frames} frames at most.`;
  if (film) sayFrame(film);
}

/** @param {import('./session.js').Film} film */
function sayFrame({ frames, at }) {
  slider.max = String(Math.max(frames.length - 1, 0));
  slider.value = String(at);
  const seconds = frames.slice(0, at).reduce((sum, f) => sum + f.seconds, 0);
  $('frame-value').textContent = `${at + 1} of ${frames.length}`;
  slider.setAttribute('aria-valuetext', `frame ${at + 1} of ${frames.length}, at ${seconds.toFixed(2)} seconds`);
}

/** @param {number} at */
async function go(at) {
  const { picture } = session;
  if (!picture?.film || !await take(picture, at) || picture !== session.picture) return;
  sayFrame(picture.film);
  drawFrame();
}

function pause() {
  clearTimeout(timer);
  timer = 0;
  play.textContent = 'Play';
}

function next() {
  const { picture } = session, film = picture?.film;
  if (!film || timer === 0) return;
  const started = performance.now();
  go((film.at + 1) % film.frames.length).then(() => {
    if (timer !== 0) timer = setTimeout(next, Math.max(0, 1000 * film.frames[film.at].seconds - (performance.now() - started)));
  }).catch(fail);
}

/** Listens to the slider and the button. */
export function listenToFilm() {
  slider.addEventListener('input', () => {
    pause();
    go(Number(slider.value)).catch(fail);
  });
  play.onclick = () => {
    const film = session.picture?.film;
    if (timer !== 0 || !film) pause();
    else {
      play.textContent = 'Pause';
      timer = setTimeout(next, 1000 * film.frames[film.at].seconds);
    }
  };
}
