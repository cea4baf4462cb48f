// The lists of classes and layers.

import { $, make } from './dom.js';
import { models, session } from './session.js';

/**
 * Lists the most probable classes, and the one that is explained.
 * @param {(index: number) => void} choose Takes the class that is clicked.
 */
export function listClasses(choose) {
  const { predictions, shown, state } = session;
  const label = shown === null ? '' : models[state.model].labels[shown];
  const rows = shown === null || predictions.some(p => p.index === shown) ? predictions
    : [...predictions, { index: shown, label, probability: null }];
  const least = predictions[predictions.length - 1]?.probability ?? 0;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.index : undefined;
  $('classes').replaceChildren(...rows.map(p => {
    const bar = make('span', { className: 'fill' });
    bar.style.transform = `scaleX(${p.probability ?? 0})`;
    const button = make('button', { onclick: () => choose(p.index) },
      make('span', { className: 'label', textContent: p.label.split(',')[0], title: p.label }),
      make('span', { className: 'percent', textContent: p.probability === null ? `at most ${percent(least)}` : percent(p.probability) }),
      make('span', { className: 'track' }, bar));
    button.dataset.index = String(p.index);
    button.setAttribute('aria-pressed', String(p.index === shown));
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
  const { layers, state } = session, chosen = layers.find(l => l.default);
  select.replaceChildren(
    make('option', { value: '', textContent: `${chosen ? short(chosen) : 'chosen by the tool'} (the default)` }),
    ...layers.filter(l => !l.default).map(l => make('option', { value: l.name, textContent: short(l) })));
  select.value = state.layer ?? '';
}

/** @param {import('./api.js').Layer} layer */
const short = layer => `${layer.name.split('/').slice(-2).join('/')}  ${layer.map.join(' × ')}`;
