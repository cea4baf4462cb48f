// Which pictures are shown, in which order, and what is written of them.

/** @typedef {import('./audit.js').Audit} Audit */
/**
 * @typedef {{ x0: number, y0: number, x1: number, y1: number }} Frame A rectangle in a scatter.
 * @typedef {{ slot: number, answer: string, sure: string, finding: string, overlap: string, text: string, order: string, group?: Set<number> | null }} Choice What is asked for; slot -1 are all classes.
 */

/** @type {Choice} */
export const everything = { slot: -1, answer: 'any', sure: 'any', finding: 'any', overlap: 'any', text: '', order: 'sameness' };

/**
 * How far a picture and its nearest share the same pixels; -1 where nobody looked.
 * @param {Audit} audit
 * @param {number} picture
 */
export function samenessOf(audit, picture) {
  return Math.max(audit.pictures.sharp[picture] ?? -1, audit.pictures.aligned[picture] ?? -1);
}

/**
 * The pictures that are asked for, in order.
 * @param {Audit} audit
 * @param {Choice} choice
 */
export function chosen(audit, choice) {
  const { id, right, probability, outside } = audit.pictures;
  const whole = choice.slot < 0;
  const first = whole ? 0 : audit.classes[choice.slot].first, end = whole ? id.length : first + audit.classes[choice.slot].count;
  const text = choice.text.trim().toLowerCase();
  const found = new Set(audit.findings.flatMap(f => choice.finding === 'some' || choice.finding === 'none' || choice.finding === String(f.number) ? f.pictures : []));
  /** @type {number[]} */
  const result = [];
  for (let i = first; i < end; i++) {
    if (choice.answer === 'wrong' && right[i] !== '0' || choice.answer === 'right' && right[i] !== '1') continue;
    if (choice.sure === 'sure' && probability[i] < 0.9 || choice.sure === 'unsure' && probability[i] >= 0.5) continue;
    if (choice.finding !== 'any' && found.has(i) === (choice.finding === 'none')) continue;
    if (choice.group && !choice.group.has(i)) continue;
    const beside = outside[i];
    if (choice.overlap !== 'any' && (beside === null || (beside > 0.5) !== (choice.overlap === 'outside'))) continue;
    if (text && !id[i].toLowerCase().includes(text)) continue;
    result.push(i);
  }
  if (choice.order === 'sure') result.sort((a, b) => probability[b] - probability[a] || a - b);
  else if (choice.order === 'unsure') result.sort((a, b) => probability[a] - probability[b] || a - b);
  else if (choice.order === 'outside') result.sort((a, b) => (outside[b] ?? -1) - (outside[a] ?? -1) || a - b);
  else if (choice.order === 'sameness') result.sort((a, b) => samenessOf(audit, b) - samenessOf(audit, a) || a - b);
  return result;
}

// Spreadsheets take a text that begins so for a formula.
const formula = /^[=+\-@\t\r]/;

/** @param {string | number | null} value */
function field(value) {
  if (value === null) return '';
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Pictures as a table.
 * @param {Audit} audit
 * @param {number[]} pictures
 */
export function csvOf(audit, pictures) {
  const { id, truth, right, probability, outside, sharp, aligned } = audit.pictures;
  const labels = audit.classes.flatMap(c => Array.from({ length: c.count }, () => c.label));
  const found = audit.findings.map(f => ({ number: f.number, members: new Set(f.pictures) }));
  const rows = pictures.map(i => [
    id[i], labels[i], audit.truths[truth[i]], { 0: 'no', 1: 'yes' }[right[i]] ?? '', probability[i], outside[i], sharp[i], aligned[i],
    found.filter(f => f.members.has(i)).map(f => f.number).join(' '),
  ].map(field).join(','));
  return ['picture,class,label,right,probability,outside,sharp,aligned,findings', ...rows, ''].join('\r\n');
}

/**
 * @typedef {{ key: string, kind: string, label: string, verdict: string, pictures: string[], note?: string }} Judged
 * @typedef {{ format: number, judged: Judged[] }} JudgedFile
 */

/**
 * The list of verdicts with one more; one of the same finding is replaced, and an open one taken away, unless the audit knows another.
 * @param {Audit} audit
 * @param {JudgedFile} file
 * @param {import('./audit.js').Finding} finding
 * @param {string} verdict
 * @param {string} note
 * @returns {JudgedFile}
 */
export function withVerdict(audit, file, finding, verdict, note) {
  const others = file.judged.filter(j => j.key !== finding.key);
  if (verdict === 'open' && !note && finding.verdict === 'open') return { format: 1, judged: others };
  const { key, kind, label } = finding;
  const pictures = finding.pictures.map(i => audit.pictures.id[i]);
  return { format: 1, judged: [...others, { key, kind, label, verdict, pictures, ...(note ? { note } : {}) }] };
}
