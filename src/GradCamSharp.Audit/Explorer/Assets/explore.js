// The pictures of a class, or all: a scatter, filters, a gallery of what is left, and its table.

import { detailsOf } from './audit.js';
import { Gallery } from './gallery.js';
import { counted, make, save, say } from './parts.js';
import { holds } from './plane.js';
import { Scatter } from './scatter.js';
import { chosen, csvOf, everything, samenessOf } from './selection.js';

/** @typedef {import('./audit.js').Audit} Audit */
/** @typedef {import('./selection.js').Choice} Choice */

/**
 * What a scatter shows, and what its directions mean.
 * @type {Record<string, { name: string, means: string }>}
 */
const views = {
  where: { name: 'Where it lies', means: 'Pictures whose evidence lies in the same places are near each other.' },
  what: { name: 'What it is made of', means: 'Pictures whose evidence is carried by the same channels are near each other.' },
  sure: { name: 'Sure and alike', means: 'To the right: the model is sure. Upwards: the picture shares its pixels with its nearest.' },
};

/** Choices stay while one looks at a picture and comes back. @type {Map<number, { choice: Choice, view: string, frame: import('./selection.js').Frame | null, group: string }>} */
const kept = new Map();

/**
 * Places of pictures in a view; NaN where there are none.
 * @param {Audit} audit
 * @param {number[]} pictures
 * @param {string} view
 */
function placesOf(audit, pictures, view) {
  const xs = new Float64Array(pictures.length), ys = new Float64Array(pictures.length);
  const columns = view === 'where' ? audit.pictures.where : audit.pictures.what;
  pictures.forEach((p, i) => {
    xs[i] = view === 'sure' ? 1.6 * audit.pictures.probability[p] : columns[2 * p] ?? NaN;
    ys[i] = view === 'sure' ? -Math.max(0, samenessOf(audit, p)) : columns[2 * p + 1] ?? NaN;
  });
  return { xs, ys };
}

/**
 * @param {import('./findings.js').Context} context
 * @param {number} slot The class; -1 for all.
 * @returns {import('./findings.js').Page}
 */
export function explorePage(context, slot) {
  const { audit } = context, isScanned = slot >= 0 && audit.classes[slot].scanned;
  const state = kept.get(slot) ?? { choice: { ...everything, slot }, view: isScanned ? 'where' : 'sure', frame: null, group: '' };
  kept.set(slot, state);
  const of = chosen(audit, { ...everything, slot, order: 'data' });
  const marked = new Set(audit.findings.flatMap(f => f.pictures));
  const gallery = new Gallery(audit, 'Pictures');
  const scatter = new Scatter(audit, frame => {
    state.frame = frame;
    update();
  });
  const count = make('h2', { 'aria-live': 'polite' }), unframe = make('button', { type: 'button', class: 'button small', click: () => scatter.unframe() }, 'Take the frame away');
  const means = make('p', { class: 'quiet' });
  /** @type {number[]} */
  let shown = [];
  let places = placesOf(audit, of, state.view);
  /** @type {Map<number, number>} */
  const at = new Map(of.map((picture, i) => [picture, i]));

  /** Applies filters and frame. */
  function update() {
    const { frame } = state;
    const filtered = chosen(audit, state.choice);
    shown = frame === null ? filtered : filtered.filter(p => holds(frame, places.xs[at.get(p) ?? 0], places.ys[at.get(p) ?? 0]));
    count.textContent = shown.length === of.length ? counted(of.length, 'picture') : `${shown.length.toLocaleString('en')} of ${counted(of.length, 'picture')}`;
    unframe.hidden = frame === null;
    context.list = shown;
    gallery.show(shown);
    scatter.show(shown);
  }

  /** @param {string} view */
  function look(view) {
    state.view = view;
    places = placesOf(audit, of, view);
    means.textContent = views[view].means;
    scatter.set(of, places.xs, places.ys, marked);
    scatter.frame = state.frame;
    update();
  }

  /**
   * @param {'answer' | 'sure' | 'finding' | 'overlap' | 'order'} name
   * @param {string} label
   * @param {[string, string][]} options
   */
  const select = (name, label, options) => make('label', { class: 'field' }, make('span', {}, label), make('select', { 'aria-label': label, change: e => {
    state.choice = { ...state.choice, [name]: /** @type {HTMLSelectElement} */ (e.currentTarget).value };
    update();
  } }, options.map(([value, text]) => make('option', { value, selected: state.choice[name] === value }, text))));
  /** A field for the groups of the class, which come with its file. */
  function group() {
    const field = make('select', { 'aria-label': 'Group', change: () => {
      state.group = field.value;
      narrow();
    } }, make('option', { value: '' }, 'all'));
    /** @type {import('./audit.js').Cluster[]} */
    let clusters = [];
    const narrow = () => {
      const one = clusters[Number(state.group)];
      state.choice = { ...state.choice, group: state.group !== '' && one ? new Set(one.pictures) : null };
      update();
    };
    detailsOf(slot).then(details => {
      clusters = details.clusters;
      /** @type {Map<string, number>} */
      const numbers = new Map();
      field.append(...clusters.map((one, i) => {
        const name = one.view === 'where' ? 'same places' : 'same channels', number = (numbers.get(name) ?? 0) + 1;
        numbers.set(name, number);
        return make('option', { value: i, selected: state.group === String(i) }, `${name} ${number}: ${counted(one.pictures.length, 'picture')}${one.wrong ? `, ${one.wrong} wrong` : ''}`);
      }));
      if (state.group !== '') narrow();
    }, error => console.error(error));
    return make('label', { class: 'field' }, make('span', {}, 'Group'), field);
  }

  const findings = audit.findings.filter(f => slot < 0 || f.slot === slot), hasBoxes = audit.pictures.outside.some(o => o !== null);
  const filters = make('div', { class: 'filters', role: 'search', 'aria-label': 'Filters' },
    select('answer', 'Answer', [['any', 'any'], ['wrong', 'wrong'], ['right', 'right']]),
    select('sure', 'Model', [['any', 'sure or not'], ['sure', 'sure, 90 % or more'], ['unsure', 'below 50 %']]),
    findings.length ? select('finding', 'Finding', [['any', 'any or none'], ['some', 'in a finding'], ['none', 'in none'], ...findings.map(f => /** @type {[string, string]} */ ([String(f.number), `${f.number}. ${f.label}`]))]) : null,
    hasBoxes ? select('overlap', 'Evidence', [['any', 'anywhere'], ['inside', 'mostly on the object'], ['outside', 'mostly beside it']]) : null,
    slot >= 0 && isScanned ? group() : null,
    select('order', 'Order', [['sameness', 'same pixels first'], ['sure', 'surest first'], ['unsure', 'least sure first'], ...hasBoxes ? [/** @type {[string, string]} */ (['outside', 'beside the object first'])] : [], ['data', 'as in the data']]),
    make('label', { class: 'field' }, make('span', {}, 'Name'), make('input', { type: 'search', id: 'search', value: state.choice.text, size: 12, input: e => {
      state.choice = { ...state.choice, text: /** @type {HTMLInputElement} */ (e.currentTarget).value };
      update();
    } })));
  const chooser = make('span', { class: 'segments', role: 'radiogroup', 'aria-label': 'Scatter' }, Object.entries(views).filter(([view]) => isScanned || view === 'sure').map(([view, { name }]) =>
    make('label', {}, make('input', { type: 'radio', name: 'view', value: view, checked: state.view === view, change: () => {
      state.frame = null;
      look(view);
    } }), make('span', {}, name))));
  const label = slot < 0 ? 'All pictures' : audit.classes[slot].label;
  requestAnimationFrame(() => look(state.view));
  return {
    title: label,
    elements: [
      make('section', { class: 'head' }, make('p', { class: 'over' }, slot < 0 ? 'All classes' : `Called ${label} by the model`), make('h1', {}, label),
        ...findings.map(f => make('p', {}, make('a', { href: `#/finding/${f.number}` }, f.sentence)))),
      make('section', { class: 'card' }, make('div', { class: 'bar-line' }, isScanned && chooser, means), scatter.element,
        make('ul', { class: 'legend' }, make('li', { class: 'of-finding' }, 'in a finding'), make('li', { class: 'of-wrong' }, 'wrong'), make('li', {}, 'other'))),
      make('section', { class: 'pictures' }, filters,
        make('div', { class: 'bar-line' }, count, unframe, make('button', { type: 'button', class: 'button', click: () => {
          save('pictures.csv', 'text/csv', csvOf(audit, shown));
          say(`Saved ${counted(shown.length, 'picture')} as pictures.csv.`);
        } }, 'Save as CSV')),
        gallery.element),
    ],
    close: () => {
      gallery.close();
      scatter.close();
    },
  };
}
