// The texts that a model compares a picture with.

import { $, element, fail } from './dom.js';
import { isTexts, model, session, takesTexts } from './session.js';

/**
 * Listens to the field of texts.
 * @param {() => void} refresh
 */
export function listenToTexts(refresh) {
  $('texts').addEventListener('submit', e => {
    e.preventDefault();
    const taken = model().texts, { state } = session;
    if (!taken) return;
    const texts = linesOf(element('text-lines', HTMLTextAreaElement).value), longest = texts.find(t => t.length > taken.longest);
    if (texts.length === 0 && taken.kind === 'classes') fail(new Error('Give at least one text.'));
    else if (texts.length > taken.most) fail(new Error(`These are ${texts.length} texts. Give ${taken.most} at most.`));
    else if (longest) fail(new Error(`The text “${longest.slice(0, 30)}...” has ${longest.length} characters. Give ${taken.longest} at most.`));
    else {
      Object.assign(state, { texts, cls: null, target: null });
      session.fits = [];
      showTexts();
      refresh();
    }
  });
}

/** Shows the field where the model compares pictures with texts, or why it cannot. */
export function showTexts() {
  const taken = model().texts, field = element('text-lines', HTMLTextAreaElement), hint = $('texts-hint');
  $('texts').hidden = taken === null;
  if (!taken) return;
  for (const control of $('texts').querySelectorAll('textarea, button, label')) control.toggleAttribute('hidden', !takesTexts());
  field.value = session.state.texts.join('\n');
  field.rows = Math.min(Math.max(session.state.texts.length, 3), 8);
  hint.textContent = taken.lacking ?? (taken.kind === 'classes' ? 'The shares say which of these texts fits best; click one to see its map.'
    : isTexts() ? 'The numbers are cosines; click a text to see its map. Leave the field empty to compare with a second picture.'
      : 'Write texts to compare the picture with them.');
  hint.hidden = false;
}

/**
 * The texts of a field, one a line.
 * @param {string} text
 */
export const linesOf = text => text.split('\n').map(l => l.trim()).filter(l => l !== '');
