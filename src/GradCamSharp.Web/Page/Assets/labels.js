// Names of classes.

/**
 * The class that a visitor names: its index, its label, one of its label's words, or how the label begins.
 * @param {string} text
 * @param {string[]} labels
 * @returns {number | null}
 */
export function named(text, labels) {
  const wanted = text.trim().toLowerCase();
  if (/^\d+$/.test(wanted) && Number(wanted) < labels.length) return Number(wanted);
  /** @type {((label: string) => boolean)[]} */
  const ways = [l => l === wanted, l => l.split(',').some(s => s.trim() === wanted), l => wanted !== '' && l.startsWith(wanted)];
  return ways.map(fits => labels.findIndex(l => fits(l.toLowerCase()))).find(i => i >= 0) ?? null;
}
