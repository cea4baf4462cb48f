// The page: pictures in, and what is asked of the server for them.

import { get } from './api.js';
import { $, fail, isGivenUp, make, say } from './dom.js';
import { commandLine, toFragment } from './files.js';
import { openFilm, readFilm, showFilm } from './film.js';
import { listClasses, listFindings, listLayers, listSimilarity, listTexts } from './lists.js';
import { ofChosen, showMethods } from './methods.js';
import { begin as beginOther, showOther } from './other.js';
import { ask, buildPanels, draw, showProblem, fill, frameSeen, panels, pixels, subject, wait } from './panels.js';
import { askBefore, offer, watch } from './runs.js';
import {
  answer, defaultLayer, forgetAll, forgetPicture, initial, isClassifier, isPair, isTexts, methods, model, models, nextPicture, question, readingOf,
  served, session, settings, stopOthers, takesFilms, takesTexts,
} from './session.js';
import { clearStrip, fillStrip } from './strip.js';
import { findings } from './targets.js';
import { showTexts } from './texts.js';
import { view } from './view.js';

const MOST_PIXELS = 1_600_000;

const PICTURE_KEPT = $('kept').textContent;
const FILM_KEPT = 'Your film is sent with every question, and the server forgets it when it has answered; for films that ffmpeg reads it lies in '
  + 'a temporary folder until then. A link carries the settings, never the film.';

/** Keeps the state in the address and in the command line. */
export function remember() {
  const { picture, state, other } = session;
  const texts = String(state.texts) === String(model().texts?.start) ? [] : state.texts;
  const shared = { ...state, set: ofChosen(state.methods, state.set), texts, sample: picture?.sample ? state.sample : undefined };
  history.replaceState(null, '', toFragment(shared, initial));
  const own = models[state.model], isDefault = own === served.models[0] && own.argument === own.name;
  const target = state.target ?? (isTexts() ? textTarget() : isPair() ? `similarity:${other?.path ?? 'OTHER'}` : isClassifier() ? null : model().target);
  $('command').textContent = commandLine(
    settings, { ...state, set: shared.set }, picture?.path ?? (takesFilms() ? 'FILM' : 'PICTURE'), isDefault ? null : own.argument, target);
}

/** The target of a command line that stands for a text: '' where each text is explained without one. */
const textTarget = () => model().texts?.kind === 'classes' ? `class:${session.state.cls ?? 'top1'}` : '';

/* Pictures. */

/**
 * A picture of a file; null where another one was wanted meanwhile.
 * @param {Blob} file
 * @param {string} name
 * @param {string} path What a command line calls it.
 * @param {string | null} sample The sample that it is.
 * @returns {Promise<import('./session.js').Picture>}
 */
export async function open(file, name, path, sample) {
  const { bytes } = served.limits;
  if (file.size > bytes) throw new Error(`The file is larger than ${Math.floor(bytes / 1048576)} MiB, the limit of this server.`);
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${name} is no picture that this browser can show. Give a JPEG, PNG, WebP, GIF or BMP file.`);
  });
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const shown = pixels(bitmap, Math.max(1, Math.round(bitmap.width * shrink)), Math.max(1, Math.round(bitmap.height * shrink)));
  return { id: nextPicture(), file, name, path, sample, bitmap, handle: null, small: null, film: null, ...shown };
}

/**
 * Shows a picture and what is seen in it.
 * @param {Blob} file
 * @param {string} name
 * @param {string} path What a command line calls it.
 * @param {string | null} sample The sample that it is.
 */
async function show(file, name, path, sample) {
  const mine = ++session.turn;
  $('error').hidden = true;
  try {
    const picture = takesFilms() ? await openFilm(file, name) : await open(file, name, path, sample);
    if (mine !== session.turn) return;
    forgetPicture();
    session.picture = picture;
  } catch (error) {
    fail(error);
    return;
  }
  session.predictions = [];
  forgetReading();
  // What lay at a place of the one picture does not lie there in the other.
  if (!isClassifier()) session.state.target = null;
  clearStrip();
  view.reset();
  for (const button of $('samples').querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.name === sample));
  await refresh();
}

/** @param {string} name */
export async function showSample(name) {
  const wanted = session.state.target;
  session.state.sample = name;
  const response = await fetch(`/samples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(`The sample ${name} could not be loaded: ${response.status} ${response.statusText}.`);
  const isFirst = session.picture === null, shown = show(await response.blob(), name, `samples/${name}`, name);
  // A link names a picture and a target in it.
  if (isFirst) session.state.target = wanted;
  await shown;
}

/** @param {File} file */
export const showFile = file => show(file, file.name || 'pasted picture', file.name || 'PICTURE', null);

/** Forgets what the model said of the picture. */
function forgetReading() {
  Object.assign(session, { reading: null, found: [], fits: [], shown: null, shownTarget: null });
  $('classes').replaceChildren();
  $('said').hidden = $('parts').hidden = true;
}

/* Explanations. */

/** Explains what is chosen. */
export async function refresh() {
  showFilm();
  if (!session.picture) {
    showOther();
    remember();
    return;
  }
  const mine = ++session.turn, started = performance.now();
  $('error').hidden = true;
  if (session.picture.film) {
    say('The film is being explained.');
    $('film-wanted').textContent = 'The film is being explained ...';
    $('film-wanted').hidden = session.picture.film.frames.length > 0;
    try {
      await readFilm(session.picture);
    } catch (error) {
      if (mine === session.turn) leaveFilm();
      throw error;
    }
    if (mine !== session.turn || !session.picture) return;
    showFilm();
  }
  showOther();
  await beginOther();
  if (mine !== session.turn || !session.picture) return;
  showOther();
  buildPanels(isPair() && session.other ? [session.picture, session.other] : [session.picture], chooseTarget);
  remember();
  const asked = panels.map(p => p.method === null ? null : question(p.method, { picture: p.picture }));
  stopOthers(new Set(asked.flatMap(q => q ? [q.key] : [])));
  const reading = isClassifier() || isTexts() ? null : read(mine);
  const shown = await Promise.all(panels.map((panel, i) => panel.method === null ? null : explain(panel, asked[i], mine)));
  await reading;
  if (mine !== session.turn) return;
  const first = shown.find(result => result !== null);
  if (first) tell(first, started);
  else if (isClassifier() && session.predictions.length === 0 && panels.some(p => p.problem))
    fail(new Error(panels.find(p => p.problem)?.problem ?? 'The picture could not be explained.'));
  listFound();
  panels.forEach(draw);
  view.refresh();
  $('scale').parentElement?.toggleAttribute('hidden', panels.some(p => p.shown) && panels.every(p => !p.shown || isOfItsOwn(p.shown.drawn.kind)));
  if (first && isClassifier() && session.state.target === null) await fillStrip(chooseLayer);
}

/**
 * Reads what the model says of the picture, and draws it.
 * @param {number} mine
 */
async function read(mine) {
  const { picture } = session;
  if (!picture || session.reading) return;
  try {
    const reading = picture.film ? await filmReading(picture) : await readingOf(picture);
    if (mine !== session.turn) return;
    session.reading = reading;
    session.found = findings(reading);
    frameSeen(picture, reading.geometry);
    session.shownTarget ??= session.state.target ?? (model().target === null ? null : resolved(model().target ?? ''));
    listFound();
    panels.forEach(draw);
  } catch (error) {
    if (mine === session.turn) fail(error);
  }
}

/**
 * What the model says of a film, in the first of its clips.
 * @param {import('./session.js').Picture} picture
 * @returns {Promise<import('./api.js').Reading>}
 */
async function filmReading(picture) {
  const asked = question(session.state.methods[0], { picture });
  if (!asked) throw new Error(`Name a target: ${model().targets}.`);
  const { task, geometry, predictions } = (await answer(asked)).results[0];
  return { task: task ?? '', geometry, detections: [], masks: [], keypoints: [], predictions, summary: '' };
}

/** Forgets a film that cannot be shown. */
function leaveFilm() {
  forgetPicture();
  session.picture = null;
  showFilm();
}

/**
 * Fills a panel.
 * @param {import('./panels.js').Panel} panel
 * @param {import('./session.js').Question | null} asked
 * @param {number} mine
 */
async function explain(panel, asked, mine) {
  let end = () => { };
  try {
    if (!asked) throw new Error(isPair() ? 'Choose a second picture to compare with.'
      : `This model has no target of its own. Name one: ${model().targets}.`);
    end = watch(asked, wait(panel));
    const long = await askBefore(asked);
    if (mine !== session.turn) return null;
    if (long) {
      ask(panel, offer(asked, long, again));
      return null;
    }
    const result = await answer(asked);
    if (mine === session.turn) fill(panel, result);
    return result;
  } catch (error) {
    if (mine !== session.turn) return null;
    if (asked && isGivenUp(error)) ask(panel, offer(asked, null, again));
    else showProblem(panel, error);
    return null;
  } finally {
    end();
  }
}

/**
 * Whether maps of a kind have colours of their own.
 * @param {string} kind
 */
const isOfItsOwn = kind => kind === 'signed' || kind === 'concepts';

const again = () => { refresh().catch(fail); };

/**
 * Says what the first answer says beside its map.
 * @param {import('./api.js').Answer} first
 * @param {number} started
 */
function tell(first, started) {
  const { predictions, geometry, explanations: [explanation], notes, texts } = first.results[0];
  session.fits = texts ?? [];
  session.predictions = predictions;
  const text = session.fits.findIndex(f => explanation.target?.spec === `similarity:${f.text}`);
  session.shown = explanation.class?.index ?? (text >= 0 ? text : null);
  session.shownTarget = explanation.target && !isPair() && !isTexts() ? resolved(explanation.target.spec) : null;
  for (const panel of panels.filter(p => p.method === null)) frameSeen(panel.picture, panel.picture === session.picture ? geometry
    : panels.find(p => p.picture === panel.picture && p.shown)?.shown?.result.results[0].geometry ?? geometry);
  const layer = explanation.layer ?? first.layer.name;
  $('layer-note').textContent = layer === first.layer.name || layer === '' ? `${first.layer.name}: ${first.layer.reason}.` : `${layer}.`;
  $('notes').textContent = (notes ?? []).map(n => `${n.charAt(0).toUpperCase()}${n.slice(1)}${n.endsWith('.') ? '' : '.'}`).join(' ');
  $('notes').hidden = $('notes').textContent === '';
  $('timing').textContent = `${Math.round(performance.now() - started)} ms, of which the model ${first.timings.run_ms} ms`;
  say(panels.flatMap(({ shown: s }) => s ? [`${methods[s.answer.method].title}, ${subject(s.answer)}: ${s.what}.`] : []).join(' '));
}

/**
 * The target of the list that a target by rank means: key points are listed in their order, the others by rank.
 * @param {string} spec
 */
function resolved(spec) {
  const { found } = session;
  if (spec === 'keypoint:top1') return found.toSorted((a, b) => b.score - a.score)[0]?.target ?? spec;
  return spec === 'class:top1@mask' || /:top1$/.test(spec) ? found[0]?.target ?? spec : spec;
}

/** Lists what was found, and what is explained of it. */
function listFound() {
  $('classes-title').textContent = isTexts() ? 'How well each text fits' : isPair() ? 'How alike' : 'What it sees';
  const value = panels.find(p => p.shown)?.shown?.answer.target?.value;
  if (isClassifier()) {
    if (session.predictions.length > 0) listClasses(choose);
  } else if (isTexts()) {
    if (session.fits.length > 0) listTexts(choose);
  } else if (isPair()) {
    if (value !== undefined && session.other) listSimilarity(value, session.other.name);
  } else {
    listFindings(chooseTarget);
    sayClip();
  }
}

/** Says that what is listed is of a film's first clip, where it has more. */
function sayClip() {
  const frames = session.picture?.film?.frames.length ?? 0, { clip } = model();
  if (!clip || frames <= clip.frames * clip.stride || session.found.length === 0) return;
  $('said').textContent = 'In the first clip; each clip is explained for itself.';
  $('said').hidden = false;
}

/** @param {number} index */
export function choose(index) {
  Object.assign(session.state, { cls: index, target: null });
  refresh().catch(fail);
}

/** @param {string} target */
export function chooseTarget(target) {
  Object.assign(session.state, { cls: null, target });
  session.shownTarget = target;
  if (!isClassifier()) listFound();
  refresh().catch(fail);
}

/** @param {string | null} name Null for the default. */
export function chooseLayer(name) {
  session.state.layer = name;
  /** @type {HTMLSelectElement} */ ($('layer')).value = name ?? '';
  refresh().catch(fail);
}

/** Shows another model. */
export async function useModel() {
  const { state } = session, own = model();
  if (session.picture && (session.picture.film !== null) !== takesFilms()) {
    forgetPicture();
    session.picture = null;
  }
  $('choose').textContent = takesFilms() ? 'Choose a film' : 'Choose a picture';
  $('picker-title').textContent = takesFilms() ? 'Film' : 'Picture';
  $('samples').hidden = takesFilms();
  $('kept').textContent = takesFilms() ? FILM_KEPT : PICTURE_KEPT;
  /** @type {HTMLInputElement} */ ($('file')).accept = takesFilms() ? `image/gif,image/webp${served.limits.films ? ',video/*' : ''}`
    : 'image/jpeg,image/png,image/webp,image/gif,image/bmp';
  forgetReading();
  $('labels').replaceChildren(...own.labels.map(l => make('option', { value: l })));
  $('other-label').textContent = isClassifier() ? 'Why not something else?' : 'Explain anything else';
  /** @type {HTMLInputElement} */ ($('class-name')).placeholder = isClassifier() ? 'any class, or a target'
    : (own.target === null ? own.targets : own.target).split(',')[0];
  $('ask-hint').textContent = isClassifier() ? '' : `${own.task}: ${own.head}. Targets are ${own.targets}.`;
  $('ask-hint').hidden = isClassifier();
  const isDrawn = !isClassifier() && own.task !== 'embed' && own.texts === null && own.clip === null;
  $('pick-note').hidden = $('marks-check').hidden = !isDrawn;
  if (takesTexts() && state.texts.length === 0) state.texts = own.texts?.start ?? [];
  showTexts();
  $('depth-title').textContent = isClassifier() ? 'Through the network\'s depth' : 'Where in the network';
  showMethods();
  clearStrip();
  $('depth').replaceChildren();
  const { layers } = /** @type {{ layers: import('./api.js').Layer[] }} */ (await get(`/api/layers?model=${encodeURIComponent(state.model)}`));
  if (own !== model()) return;
  session.layers = layers.filter(l => l.missing.length === 0);
  if (state.layer === defaultLayer() || !state.layer?.split('+').every(name => session.layers.some(l => l.name === name))) state.layer = null;
  listLayers(/** @type {HTMLSelectElement} */ ($('layer')));
}

// Whoever leaves takes the pictures along. Should the page come back, they are sent again.
addEventListener('pagehide', forgetAll);
