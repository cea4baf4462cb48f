// The lists of what the model sees, and of its layers.

import { $, element, make } from './dom.js';
import { model, session } from './session.js';
import { findingOf, partsOf } from './targets.js';

/**
 * @typedef {{ id: string, label: string, title: string, share: number, amount: string, isShown: boolean, choose: () => void }} Row
 */

/**
 * Lists the most probable classes, and the one that is explained.
 * @param {(index: number) => void} choose Takes the class that is clicked.
 */
export function listClasses(choose) {
  const { predictions, shown, state } = session, target = session.shownTarget;
  const label = shown === null ? '' : model().labels[shown];
  const rows = shown === null || target !== null || predictions.some(p => p.index === shown) ? predictions
    : [...predictions, { index: shown, label, probability: null }];
  const least = predictions[predictions.length - 1]?.probability ?? 0;
  listRows([...rows.map(p => ({
    id: String(p.index), label: p.label.split(',')[0], title: p.label, share: p.probability ?? 0,
    amount: p.probability === null ? `at most ${percent(least)}` : percent(p.probability), isShown: target === null && p.index === shown,
    choose: () => choose(p.index),
  })), ...state.target !== null && target !== null ? [asked(target)] : []]);
}

/**
 * Lists what a model that is no classifier finds, and the target that is explained.
 * @param {(target: string) => void} choose Takes the target that is clicked.
 */
export function listFindings(choose) {
  const { found, reading, shownTarget: target } = session, own = target === null ? null : findingOf(target, found);
  const rows = found.map(f => ({
    id: f.target, label: f.label.split(',')[0], title: `${f.label} (${f.target})`, share: Math.min(Math.max(f.score, 0), 1),
    amount: f.kind === 'point' ? f.score.toFixed(2) : percent(f.score), isShown: f === own, choose: () => choose(f.target),
  }));
  listRows(target !== null && own === null ? [...rows, asked(target)] : rows);
  $('said').textContent = found.length > 0 || !reading ? '' : reading.task === 'detect' ? 'Nothing is detected with more than 25 %.'
    : reading.summary;
  $('said').hidden = $('said').textContent === '';
  const part = element('part', HTMLSelectElement), isBox = own?.kind === 'box' && target !== null;
  $('parts').hidden = !isBox;
  if (!isBox) return;
  part.replaceChildren(...partsOf(own).map(([value, name]) => make('option', { value, textContent: name })));
  part.value = target.slice(own.target.length + 1);
}

/**
 * Lists the texts, and how well each fits the picture.
 * @param {(index: number) => void} choose Takes the text that is clicked.
 */
export function listTexts(choose) {
  const { fits, shown, state } = session;
  listRows([...fits.map(({ text, score, probability }, i) => ({
    id: String(i), label: text, title: text, share: Math.max(0, probability ?? score),
    amount: probability === undefined ? score.toFixed(3) : percent(probability), isShown: state.target === null && i === shown,
    choose: () => choose(i),
  })), ...state.target !== null ? [asked(state.target)] : []]);
  $('said').hidden = $('parts').hidden = true;
}

/**
 * Says how alike two pictures are.
 * @param {number} cosine
 * @param {string} other
 */
export function listSimilarity(cosine, other) {
  listRows([{
    id: 'similarity', label: `like ${other}`, title: 'The cosine of the two pictures\' vectors', share: Math.max(0, cosine),
    amount: cosine.toFixed(3), isShown: true, choose: () => { },
  }]);
  $('said').hidden = $('parts').hidden = true;
}

/**
 * A target that was asked for, and is not among what was found.
 * @param {string} target
 * @returns {Row}
 */
const asked = target => ({ id: target, label: target, title: target, share: 0, amount: '', isShown: true, choose: () => { } });

/** @param {Row[]} rows */
function listRows(rows) {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.index : undefined;
  $('classes').replaceChildren(...rows.map(r => {
    const bar = make('span', { className: 'fill' });
    bar.style.transform = `scaleX(${r.share})`;
    const button = make('button', { onclick: r.choose },
      make('span', { className: 'label', textContent: r.label, title: r.title }),
      make('span', { className: 'percent', textContent: r.amount }),
      make('span', { className: 'track' }, bar));
    button.dataset.index = r.id;
    button.setAttribute('aria-pressed', String(r.isShown));
    return make('li', {}, button);
  }));
  if (focused !== undefined) [...$('classes').querySelectorAll('button')].find(b => b.dataset.index === focused)?.focus();
}

/** @param {number} share */
const percent = share => `${(100 * share).toFixed(1)} %`;

/**
 * Lists the layers that can be explained.
 * @param {HTMLSelectElement} select
 */
export function listLayers(select) {
  const { layers, state } = session, chosen = layers.filter(l => l.default), [first] = chosen;
  const fused = chosen.length > 1 ? chosen.map(l => l.name).join('+') : null;
  select.replaceChildren(
    make('option', {
      value: '', textContent: fused ? 'the level of what is explained (the default)'
        : `${first ? short(first) : 'chosen by the tool'} (the default)`,
    }),
    ...fused ? [make('option', { value: fused, textContent: `all ${chosen.length} levels, fused` })] : [],
    ...layers.filter(l => fused || !l.default).map(l => make('option', { value: l.name, textContent: short(l) })));
  const { layer } = state;
  if (layer !== null && ![...select.options].some(o => o.value === layer))
    select.append(make('option', { value: layer, textContent: layer }));
  select.value = layer ?? '';
}

/** @param {import('./api.js').Layer} layer */
const short = layer => `${layer.name.split('/').slice(-2).join('/')}  ${layer.map?.join(' × ') ?? layer.shape.join(' × ')}`;
