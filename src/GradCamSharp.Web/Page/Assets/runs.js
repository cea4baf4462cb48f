// Runs that take long: the page asks before, says how far they are, and stops them.

import { estimate, progress } from './api.js';
import { make } from './dom.js';
import { isAsked, leaving, methods, stopOne } from './session.js';

/** @typedef {import('./session.js').Question} Question */

const EVERY = 400;

/** @type {Set<string>} Questions that the visitor wants answered, however long it takes. */
const wanted = new Set();

/**
 * Whether the visitor is to be asked before a question: about how long it takes; null where it is soon done, or wanted already.
 * @param {Question} question
 */
export async function askBefore(question) {
  if (methods[question.method].kind === 'graph' || wanted.has(question.key) || isAsked(question)) return null;
  const found = await estimate(await question.what(leaving()), leaving());
  return found.long ? found : null;
}

/** @param {number} seconds */
export const duration = seconds => seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** @param {number} count */
const many = count => count.toLocaleString('en');

/**
 * What stands in a panel before a long run, or after one that was stopped: a button begins it.
 * @param {Question} question
 * @param {import('./api.js').Estimate | null} found Null where the visitor stopped it.
 * @param {() => void} begin
 */
export function offer(question, found, begin) {
  const { title } = methods[question.method];
  const button = make('button', { className: 'button primary', textContent: found ? 'Run it' : 'Run it again' });
  button.onclick = () => {
    wanted.add(question.key);
    begin();
  };
  button.setAttribute('aria-label', `${button.textContent}: ${title}`);
  return make('div', { className: 'note ask' }, make('p', {
    textContent: found ? `${title} runs the network ${many(found.runs)} times: about ${duration(found.seconds)} on this server.`
      : `${title} was stopped.`,
  }), button);
}

/**
 * Shows how far a question of many runs is, with a button that stops it on the server.
 * @param {Question} question
 * @param {HTMLElement} note Where; it is filled once the server knows of the run.
 * @returns {() => void} Ends it.
 */
export function watch(question, note) {
  const { run } = question;
  if (!run) return () => { };
  const bar = make('progress', { max: 1 }), said = make('p', { textContent: 'waiting for its turn' });
  const button = make('button', { className: 'button', textContent: 'Stop' });
  button.onclick = () => stopOne(question.key);
  button.setAttribute('aria-label', `Stop ${methods[question.method].title}`);
  bar.setAttribute('aria-label', `Progress of ${methods[question.method].title}`);
  const timer = setInterval(async () => {
    const now = await progress(run);
    if (!now) return;
    if (!bar.isConnected) note.replaceChildren(bar, said, button);
    if (now.state !== 'running') return;
    bar.value = now.total > 0 ? Math.min(now.done / now.total, 1) : 0;
    const left = now.done > 0 ? now.seconds * (now.total - now.done) / now.done : 0;
    said.textContent = `${many(now.done)} of ${many(now.total)} runs${left >= 1 ? `, ${duration(left)} left` : ''}`;
  }, EVERY);
  return () => clearInterval(timer);
}
