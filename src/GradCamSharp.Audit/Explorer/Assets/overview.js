// The first page: what stands out, and the classes by suspicion.

import { pictureFile } from './audit.js';
import { badge, sharedOf, verdictOf } from './findings.js';
import { counted, decimals, make, percent, seen } from './parts.js';

/** @typedef {import('./audit.js').Audit} Audit */
/** @typedef {import('./audit.js').Finding} Finding */

const EXAMPLES = 6;

/** @param {Audit} audit */
function headline(audit) {
  const marks = audit.findings.filter(f => f.kind === 'same-mark').length;
  if (marks > 0) return marks === 1 ? 'One shortcut is likely' : `${marks} shortcuts are likely`;
  return audit.findings.length > 0 ? 'No shortcut was found, but look at this' : 'Nothing stands out';
}

/**
 * @param {import('./findings.js').Context} context
 * @param {Finding} finding
 */
function card(context, finding) {
  const { audit } = context, link = `#/finding/${finding.number}`;
  return make('article', { class: 'card finding' },
    make('div', { class: 'words' },
      make('p', { class: 'over' }, badge(finding), ` ${finding.label}, ${counted(finding.pictures.length, 'picture')} of ${finding.of_class}`),
      make('h2', {}, make('a', { href: link }, finding.sentence)),
      ...finding.details.slice(0, 2).map(text => make('p', {}, text)),
      verdictOf(context, finding, false).element),
    make('div', { class: 'row' }, finding.kind === 'same-mark' || finding.kind === 'unused-mark' ? sharedOf(audit, finding).slice(-2) : sharedOf(audit, finding).slice(1)),
    make('ul', { class: 'examples', 'aria-label': 'Examples' }, finding.pictures.slice(0, EXAMPLES).map(i =>
      make('li', {}, make('a', { href: `#/picture/${i}`, click: () => { context.list = finding.pictures; } }, seen(audit, i, audit.pictures.id[i].split('/').at(-1) ?? ''))))));
}

/** @param {Audit} audit */
function classTable(audit) {
  const rows = audit.classes.map((c, slot) => {
    const value = Math.max(c.sharp, c.aligned), bar = make('i');
    bar.style.width = `${percent(Math.min(Math.max(value, 0), 1)).replace(' ', '')}`;
    const found = audit.findings.filter(f => f.slot === slot);
    return make('tr', {},
      make('th', { scope: 'row' }, make('a', { href: `#/class/${slot}` }, c.label)),
      make('td', {}, c.count.toLocaleString('en')), make('td', {}, c.wrong ? c.wrong.toLocaleString('en') : '–'),
      make('td', { class: 'measure' }, c.scanned ? [make('span', {}, decimals(value)), make('b', {}, bar)] : make('span', { class: 'quiet' }, 'too few pictures')),
      make('td', { class: 'found' }, found.map(f => make('a', { href: `#/finding/${f.number}` }, badge(f)))));
  });
  return make('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Classes' }, make('table', {},
    make('thead', {}, make('tr', {}, ['Class', 'Pictures', 'Wrong', 'Same pixels', 'Findings'].map(text => make('th', { scope: 'col' }, text)))), make('tbody', {}, rows)));
}

/**
 * @param {import('./findings.js').Context} context
 * @returns {import('./findings.js').Page}
 */
export function overviewPage(context) {
  const { audit } = context, { setting } = audit, all = audit.pictures.id.length;
  const found = audit.findings.filter(f => context.verdicts.of(f).verdict !== 'fine'), fine = audit.findings.length - found.length;
  /** @param {string} id */
  const at = id => audit.pictures.id.indexOf(id);
  const twin = (/** @type {string} */ id, /** @type {string} */ label) => make('span', { class: 'twin' },
    at(id) >= 0 ? make('a', { href: `#/picture/${at(id)}` }, make('img', { src: pictureFile(at(id)), alt: '', loading: 'lazy' }), ` ${id}`) : id, make('span', { class: 'quiet' }, label));
  return {
    title: 'Overview',
    elements: [
      make('section', { class: 'head' },
        make('p', { class: 'over' }, setting.model, ' on ', setting.data),
        make('h1', {}, headline(audit)),
        make('p', { class: 'quiet' }, `${counted(all, 'picture')} in ${counted(audit.classes.length, 'class')}, explained by ${setting.method} at ${setting.layer}`,
          audit.errors ? `; ${counted(audit.errors, 'picture')} could not be explained` : '', '.')),
      ...found.map(f => card(context, f)),
      fine ? make('p', { class: 'quiet' }, `You found ${counted(fine, 'finding')} fine; the list at the side has ${fine === 1 ? 'it' : 'them'}.`) : null,
      make('section', {}, make('h2', {}, 'Classes, the most suspicious first'),
        make('p', { class: 'quiet' }, `Same pixels: how far a picture and its nearest show the very same thing where their evidence lies. 1: the same pixels, 0: nothing in common. From ${
          decimals(audit.level.sharp)} in one place or ${decimals(audit.level.aligned)} anywhere it is a suspicion${audit.level.raised ? '; these are higher than usual, as pictures of several classes are nearly the same' : ''}.`),
        classTable(audit)),
      audit.leaks.length ? make('section', {}, make('h2', {}, 'What tells classes apart without any network'), make('ul', { class: 'lines' }, audit.leaks.map(l => make('li', {}, l.sentence)))) : null,
      audit.twins.length ? make('section', {}, make('h2', {}, 'Pictures that are nearly the same'), make('ul', { class: 'lines' }, audit.twins.slice(0, 100).map(t =>
        make('li', { class: 'twins' }, twin(t.first, t.first_class), twin(t.second, t.other_data ? `${t.second_class}, in the other data` : t.second_class)))),
        audit.twins.length > 100 ? make('p', { class: 'quiet' }, `and ${audit.twins.length - 100} more, in findings.json`) : null) : null,
      make('section', {}, make('h2', {}, 'What an audit does not see'),
        make('p', {}, 'What is nowhere in particular, such as a tint, blur or resolution. Marks in fewer than 8 pictures. Wrong reasons that look like objects.')),
    ].filter(e => e !== null),
    step: by => {
      const next = by > 0 ? audit.findings[0] : undefined;
      if (next) location.hash = `#/finding/${next.number}`;
    },
  };
}
