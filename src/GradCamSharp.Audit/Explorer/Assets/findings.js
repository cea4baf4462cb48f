// A finding: what it says, what the pictures share, what the model makes of them without their evidence, and the pictures themselves.

import { folder, kinds } from './audit.js';
import { drawMap, meanMap } from './evidence.js';
import { Gallery } from './gallery.js';
import { counted, decimals, make, percent, say } from './parts.js';
import { chosen, everything } from './selection.js';
import { answers } from './verdicts.js';

/** @typedef {import('./audit.js').Audit} Audit */
/** @typedef {import('./audit.js').Finding} Finding */
/** @typedef {import('./verdicts.js').Verdicts} Verdicts */
/** @typedef {{ audit: Audit, verdicts: Verdicts, list: number[], refresh: () => void }} Context What pages share: the list is the one that a picture's page goes through. */
/** @typedef {{ title: string, elements: HTMLElement[], close?: () => void, step?: (by: number) => void, judge?: (verdict: string) => void, back?: () => void }} Page */

/** @param {Finding} finding */
export const badge = finding => make('span', { class: `badge ${finding.kind}` }, kinds[finding.kind]?.name ?? finding.kind);

/**
 * What is said of a finding, as buttons.
 * @param {Context} context
 * @param {Finding} finding
 * @param {boolean} hasNote Whether a note can be written.
 */
export function verdictOf(context, finding, hasNote) {
  const now = context.verdicts.of(finding);
  const note = make('input', { type: 'text', value: now.note, maxlength: 300, placeholder: 'A note, such as "the maker\'s logo"', 'aria-label': 'Note', change: () => keep(context.verdicts.of(finding).verdict) });
  const buttons = answers.map(a => make('button', { type: 'button', class: `button answer ${a.verdict}`, 'aria-pressed': String(a.verdict === now.verdict),
    click: () => keep(context.verdicts.of(finding).verdict === a.verdict ? 'open' : a.verdict) }, a.name, hasNote && make('kbd', { 'aria-hidden': 'true' }, a.key)));
  /** @param {string} verdict */
  async function keep(verdict) {
    const said = context.verdicts.set(finding, verdict, hasNote ? note.value.trim() : context.verdicts.of(finding).note);
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(answers[i].verdict === verdict)));
    context.refresh();
    say(await said);
  }
  const element = make('div', { class: 'verdict' }, make('span', { class: 'quiet' }, 'You say'), make('span', { class: 'answers' }, buttons), hasNote && note);
  return { element, keep };
}

/**
 * Two bars: what taking the evidence away costs, and what as much elsewhere costs.
 * @param {Finding} finding
 */
function effectOf(finding) {
  const { effect } = finding;
  if (!effect) return null;
  const row = (/** @type {string} */ text, /** @type {[number, number, number]} */ [mean, low, high], /** @type {string} */ kind) => {
    const bar = make('span', { class: `bar ${kind}` }), range = make('span', { class: 'range' });
    const clamp = (/** @type {number} */ v) => Math.min(Math.max(100 * v, 0), 100);
    bar.style.width = `${clamp(mean)}%`;
    range.style.left = `${clamp(low)}%`;
    range.style.width = `${clamp(high) - clamp(low)}%`;
    return make('div', { class: 'effect' }, make('span', {}, text), make('span', { class: 'track' }, bar, range),
      make('strong', { title: `95 % interval: ${decimals(low)} to ${decimals(high)}` }, decimals(mean)));
  };
  return make('div', { class: 'effects' },
    make('p', { class: 'quiet' }, `How much of the probability of ${finding.label} is lost, of ${counted(effect.pictures, 'picture')}`),
    row('without the evidence', effect.taken, 'taken'), row('without as much elsewhere', effect.turned, 'turned'),
    effect.put !== undefined && effect.put_count ? make('p', { class: 'quiet' },
      `${percent(effect.put)} of ${effect.put_count} other pictures become ${finding.label} when the evidence is put into them${
        effect.put_without_object === undefined ? '' : `, ${percent(effect.put_without_object)} of pictures without an object`}.`) : null);
}

/**
 * A picture of a finding with a caption.
 * @param {string} file
 * @param {string} caption
 * @param {HTMLCanvasElement | null} map
 */
function sharedPicture(file, caption, map = null) {
  return make('figure', { class: 'shared' }, make('span', { class: 'seen always' }, make('img', { src: folder + file, alt: caption }), map), make('figcaption', {}, caption));
}

/**
 * What all pictures of a finding have in common.
 * @param {Audit} audit
 * @param {Finding} finding
 */
export function sharedOf(audit, finding) {
  const map = make('canvas', { class: 'map', 'aria-hidden': 'true', width: 1, height: 1 });
  meanMap(audit, finding.pictures).then(mean => drawMap(audit, map, mean), error => console.error(error));
  return [
    sharedPicture(finding.mean, 'The mean of its pictures'),
    sharedPicture(finding.mean, 'Where their evidence lies', map),
    ...finding.window ? [sharedPicture(finding.window, 'Their evidence, laid on each other')] : [],
  ];
}

/**
 * The page of a finding.
 * @param {Context} context
 * @param {Finding} finding
 * @returns {Page}
 */
export function findingPage(context, finding) {
  const { audit } = context, members = new Set(finding.pictures);
  const others = chosen(audit, { ...everything, slot: finding.slot }).filter(i => !members.has(i));
  const verdict = verdictOf(context, finding, true);
  const inside = new Gallery(audit, `Pictures of finding ${finding.number}`), outside = new Gallery(audit, `Other pictures called ${finding.label}`);
  inside.element.addEventListener('click', () => { context.list = finding.pictures; });
  outside.element.addEventListener('click', () => { context.list = others; });
  requestAnimationFrame(() => {
    inside.show(finding.pictures);
    outside.show(others);
  });
  context.list = finding.pictures;
  const pairs = finding.pairs.map(pair => make('a', { class: 'pair', href: `#/picture/${pair.picture}` },
    make('img', { src: folder + pair.before, alt: `${audit.pictures.id[pair.picture].split('/').at(-1)}: ${percent(pair.probability)} ${finding.label}` }),
    make('img', { src: folder + pair.after, alt: `without its evidence: ${percent(pair.without)}` }),
    make('span', {}, percent(pair.probability)), make('span', { class: pair.without < pair.probability / 2 ? 'fallen' : '' }, percent(pair.without))));
  return {
    title: `${finding.number}. ${finding.label}`,
    elements: [
      make('section', { class: 'head' },
        make('p', { class: 'over' }, badge(finding), ` Finding ${finding.number} of ${audit.findings.length}, class ${finding.label}`),
        make('h1', {}, finding.sentence),
        ...finding.details.map(text => make('p', {}, text)),
        finding.also_in.length ? make('p', {}, `Also in: ${finding.also_in.map(o => `${o.label} (${o.pictures} of ${o.looked})`).join(', ')}.`) : null,
        make('p', { class: 'quiet' }, kinds[finding.kind]?.means ?? ''),
        verdict.element),
      make('section', { class: 'two' },
        make('div', {}, make('h2', {}, finding.kind === 'split' ? 'What they look like' : 'What they share'), make('div', { class: 'row' }, sharedOf(audit, finding))),
        finding.effect ? make('div', {}, make('h2', {}, 'Does the model use it?'), effectOf(finding)) : null),
      pairs.length ? make('section', {}, make('h2', {}, 'With and without their evidence'), make('div', { class: 'pairs' }, pairs)) : null,
      make('section', {}, make('div', { class: 'bar-line' }, make('h2', {}, `In the finding: ${counted(finding.pictures.length, 'picture')}`),
        make('a', { href: `#/class/${finding.slot}` }, `all of ${finding.label} as a scatter`)), inside.element),
      make('section', {}, make('h2', {}, `Called ${finding.label}, but not in it: ${counted(others.length, 'picture')}`), outside.element),
    ].filter(e => e !== null),
    close: () => {
      inside.close();
      outside.close();
    },
    step: by => {
      const next = audit.findings[finding.number - 1 + by];
      if (next) location.hash = `#/finding/${next.number}`;
    },
    judge: verdict.keep,
  };
}
