// The methods: a few at hand, all of them by family with search, and their parameters.

import { $, element, make } from './dom.js';
import { isClassifier, methods, served, session } from './session.js';

/** @typedef {import('./api.js').Method} Method */
/** @typedef {import('./api.js').Parameter} Parameter */

const AT_HAND = ['gradcam++', 'gradcam', 'cam', 'hirescam', 'layercam', 'saliency', 'guided-backprop'];

/** @type {Record<string, [string, string]>} What families are called, and what they have in common. */
const FAMILIES = {
  cam: ['Class activation maps', 'The channels of a layer, weighed and added.'],
  gradient: ['Gradients at the input', 'How the score changes with every pixel.'],
  perturbation: ['Changed pictures', 'What the score does when parts are hidden.'],
  concept: ['Concepts', 'What the channels of a layer form together, whatever is explained.'],
  attention: ['Attention', 'What a transformer attends to.'],
  relevance: ['Relevance', 'The score, handed back from layer to layer.'],
};

/** @type {() => void} */
let changed = () => { };

/**
 * Whether the model can be explained by a method.
 * @param {Method} method
 */
const suits = method => method.targets || (isClassifier() && session.state.target === null);

/**
 * Builds the choice of methods.
 * @param {() => void} refresh Called when another one is chosen, or a parameter is set.
 */
export function buildMethods(refresh) {
  changed = refresh;
  $('all-count').textContent = `All ${served.methods.length} methods and their parameters`;
  element('all-methods', HTMLDetailsElement).addEventListener('toggle', showFamilies);
  element('search', HTMLInputElement).addEventListener('input', filter);
}

/** Shows what is chosen. */
export function showMethods() {
  const { state } = session, atHand = served.methods.filter(m => state.methods.includes(m.name) || (AT_HAND.includes(m.name) && suits(m)));
  $('methods').replaceChildren(...atHand.map(m => make('label', { title: `${m.summary}\n${m.equation}` }, checkbox(m),
    make('span', { textContent: m.title }))));
  showFamilies();
}

/** @param {Method} method */
function checkbox(method) {
  const check = make('input', { type: 'checkbox', value: method.name, checked: session.state.methods.includes(method.name) });
  check.onchange = () => {
    const { state } = session, isFocused = document.activeElement === check, parent = check.closest('#methods, #families')?.id ?? 'methods';
    const chosen = served.methods.map(n => n.name).filter(n => n === method.name ? check.checked : state.methods.includes(n));
    if (chosen.length === 0) {
      check.checked = true;
      return;
    }
    state.methods = chosen;
    showMethods();
    if (isFocused) /** @type {HTMLElement | null} */ ($(parent).querySelector(`input[value='${CSS.escape(method.name)}']`))?.focus();
    changed();
  };
  return check;
}

/** Fills the list of all methods, once it is open. */
function showFamilies() {
  if (!element('all-methods', HTMLDetailsElement).open) return;
  const names = [...new Set(served.methods.map(m => m.family))];
  $('families').replaceChildren(...names.map(name => {
    const [title, line] = FAMILIES[name] ?? [name, ''];
    return make('section', {}, make('h3', { textContent: title }), make('p', { className: 'hint', textContent: line }),
      make('ul', {}, ...served.methods.filter(m => m.family === name).map(row)));
  }));
  filter();
}

/** @param {Method} method */
function row(method) {
  const check = checkbox(method), isChosen = check.checked, fits = suits(method);
  check.disabled = !fits && !isChosen;
  const cost = method.cost.replace(/\.$/, '');
  const label = make('label', {}, check, make('span', {}, make('strong', { textContent: method.title }), ` ${method.summary} `,
    make('small', { textContent: fits ? `Cost: ${cost}.` : 'Explains classes of a classifier alone.' })));
  const item = make('li', {}, label, ...isChosen && method.parameters.length > 0 ? [parameters(method)] : []);
  item.dataset.words = `${method.name} ${method.title} ${method.summary} ${method.family}`.toLowerCase();
  return item;
}

/** @param {Method} method */
function parameters(method) {
  return make('fieldset', { className: 'parameters' }, make('legend', { className: 'unseen', textContent: `Parameters of ${method.title}` }),
    ...method.parameters.map(p => {
      const field = control(method, p);
      return make('label', { title: `${p.meaning} (${p.range})` }, make('span', { textContent: p.name }), field,
        make('small', { textContent: `${p.meaning}; ${p.range}` }));
    }));
}

/**
 * @param {Method} method
 * @param {Parameter} parameter
 */
function control(method, parameter) {
  const { choices, bounds, whole, word } = parameter, value = valueOf(method, parameter);
  const isNumber = bounds !== null && word === null;
  const field = choices.length > 0
    ? make('select', {}, ...choices.map(c => make('option', { value: c, textContent: c })))
    : make('input', isNumber ? { type: 'number', min: String(bounds[0]), max: String(bounds[1]), step: whole ? '1' : 'any' }
      : { type: 'text', autocomplete: 'off' });
  field.value = value;
  field.addEventListener('change', () => {
    if (field instanceof HTMLInputElement && !field.reportValidity()) return;
    set(method, parameter, field.value.trim());
  });
  return field;
}

/**
 * @param {Method} method
 * @param {Parameter} parameter
 */
function valueOf(method, parameter) {
  const start = `${method.name}.${parameter.name}=`;
  return session.state.set.find(s => s.startsWith(start))?.slice(start.length) ?? parameter.default;
}

/**
 * @param {Method} method
 * @param {Parameter} parameter
 * @param {string} value
 */
function set(method, parameter, value) {
  const start = `${method.name}.${parameter.name}=`, rest = session.state.set.filter(s => !s.startsWith(start));
  session.state.set = value === '' || value === parameter.default ? rest : [...rest, start + value].sort();
  changed();
}

/** Shows the methods alone that hold the words searched for. */
function filter() {
  const words = element('search', HTMLInputElement).value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of $('families').querySelectorAll('section')) {
    let left = 0;
    for (const item of section.querySelectorAll('li')) {
      item.hidden = !words.every(w => item.dataset.words?.includes(w));
      left += item.hidden ? 0 : 1;
    }
    section.hidden = left === 0;
  }
}

/**
 * The parameters that are set, of the methods that are chosen.
 * @param {string[]} chosen
 * @param {string[]} settings
 */
export const ofChosen = (chosen, settings) => settings.filter(s => chosen.some(m => methods[m] && s.startsWith(`${m}.`)));
