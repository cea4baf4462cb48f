// A picture: large, with its map, what is known of it, and its neighbours.

import { detailsOf, slotOf } from './audit.js';
import { badge } from './findings.js';
import { decimals, make, percent, seen, tile } from './parts.js';

/**
 * To where one came from; to the class, where the picture was opened first.
 * @param {number} slot
 */
function back(slot) {
  if (history.length > 1) history.back();
  else location.hash = `#/class/${slot}`;
}

/**
 * @param {import('./findings.js').Context} context
 * @param {number} picture
 * @returns {import('./findings.js').Page}
 */
export function picturePage(context, picture) {
  const { audit } = context, { id, truth, right, probability, outside, sharp, aligned } = audit.pictures;
  const slot = slotOf(audit, picture), { label, first } = audit.classes[slot], name = id[picture].split('/').at(-1) ?? '';
  const list = context.list.includes(picture) ? context.list : [picture], at = list.indexOf(picture);
  const findings = audit.findings.filter(f => f.pictures.includes(picture));
  const large = seen(audit, picture, `${name}, and where the evidence for ${label} lies`);
  large.classList.add('large');
  const strength = make('input', { type: 'range', min: 0, max: 100, value: 100, 'aria-label': 'How strongly the evidence is drawn', input: () => large.style.setProperty('--strength', String(Number(strength.value) / 100)) });
  /** @param {string} text @param {(string | Node | null)[]} value */
  const fact = (text, ...value) => [make('dt', {}, text), make('dd', {}, value)];
  const answer = right[picture] === '0' ? 'wrong' : right[picture] === '1' ? 'right' : 'not known';
  const near = (/** @type {string} */ title) => {
    const row = make('div', { class: 'near' });
    return { row, element: make('section', {}, make('h2', {}, title), row) };
  };
  const where = near('Evidence in the same places'), what = near('Evidence of the same channels');
  detailsOf(slot).then(details => {
    for (const [row, pictures] of /** @type {[HTMLElement, number[]][]} */ ([[where.row, details.where[picture - first]], [what.row, details.what[picture - first]]])) {
      row.replaceChildren(...pictures.map(p => tile(audit, p)));
      if (!pictures.length) row.append(make('p', { class: 'quiet' }, 'Its class has too few pictures.'));
    }
  }, error => where.row.replaceChildren(make('p', {}, String(error.message))));
  const step = (/** @type {number} */ by) => {
    const next = list[at + by];
    if (next !== undefined) location.replace(`#/picture/${next}`);
  };
  return {
    title: name,
    elements: [
      make('section', { class: 'bar-line' }, make('button', { type: 'button', class: 'button', click: () => back(slot) }, 'Back'),
        list.length > 1 ? make('span', { class: 'zoom' }, make('button', { type: 'button', class: 'button', disabled: at === 0, click: () => step(-1), 'aria-label': 'Previous picture' }, '←'),
          make('span', { class: 'button still' }, `${at + 1} of ${list.length}`),
          make('button', { type: 'button', class: 'button', disabled: at === list.length - 1, click: () => step(1), 'aria-label': 'Next picture' }, '→')) : null),
      make('section', { class: 'one' },
        make('div', {}, large, make('label', { class: 'slider' }, make('span', {}, 'Evidence'), strength)),
        make('div', {}, make('p', { class: 'over' }, 'Picture'), make('h1', {}, name),
          make('dl', {},
            fact('The model says', make('a', { href: `#/class/${slot}` }, label), ` ${percent(probability[picture])}`),
            fact('The data say', audit.truths[truth[picture]] || 'nothing', answer === 'wrong' ? make('span', { class: 'badge wrong' }, 'wrong') : null),
            outside[picture] === null ? [] : fact('Evidence beside the object', percent(outside[picture] ?? 0)),
            sharp[picture] === null ? [] : fact('Same pixels as its nearest', `${decimals(sharp[picture] ?? 0)} in one place, ${decimals(aligned[picture] ?? 0)} anywhere`),
            findings.length ? fact('Findings', ...findings.map(f => make('a', { href: `#/finding/${f.number}` }, badge(f), ` ${f.number}`))) : [],
            fact('File', make('code', {}, id[picture]))))),
      where.element, what.element,
    ],
    step,
    back: () => back(slot),
  };
}
