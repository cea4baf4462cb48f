// What the audit has found: the columns of data.js, and what each class's own file adds when it is looked at.

/**
 * @typedef {[number, number, number]} Interval A mean and its 95 % interval.
 * @typedef {{ pictures: number, taken: Interval, turned: Interval, difference: Interval, put?: number, put_count?: number, put_without_object?: number }} Effect
 * @typedef {{ sharp: number, aligned: number, sharp_elsewhere: number, aligned_elsewhere: number, place: string, core: number }} Mark
 * @typedef {{ picture: number, before: string, after: string, probability: number, without: number }} Pair
 * @typedef {{ number: number, kind: string, slot: number, label: string, sentence: string, details: string[], key: string, of_class: number, wrong: number,
 *   verdict: string, p?: number, outside?: number, mark?: Mark, effect?: Effect, mean: string, window?: string, pairs: Pair[], pictures: number[],
 *   also_in: { label: string, pictures: number, looked: number }[] }} Finding
 * @typedef {{ label: string, wrong: number, scanned: boolean, sharp: number, aligned: number, first: number, count: number }} Class
 * @typedef {{ id: string[], truth: number[], right: string, probability: number[], outside: (number | null)[], where: (number | null)[], what: (number | null)[],
 *   sharp: (number | null)[], aligned: (number | null)[] }} Columns
 * @typedef {{ what: string, strength: number, p: number, class: string, sentence: string }} Leak
 * @typedef {{ first: string, first_class: string, second: string, second_class: string, other_data: boolean, distance: number }} Twin
 * @typedef {{ key: string, setting: { model: string, data: string, method: string, layer: string, explained: string }, level: { sharp: number, aligned: number, raised: boolean },
 *   input: [number, number], map: [number, number], colors: string, errors: number, truths: string[], classes: Class[], findings: Finding[], leaks: Leak[], twins: Twin[],
 *   pictures: Columns }} Audit
 * @typedef {{ view: string, kind: string, wrong: number, pictures: number[] }} Cluster
 * @typedef {{ maps: Uint8Array, where: number[][], what: number[][], clusters: Cluster[] }} Details Of the pictures of one class: maps, the nearest pictures in both views, groups.
 * @typedef {'where' | 'what'} View
 */

/** @typedef {{ audit: Audit, auditClass: (slot: number, raw: { maps: string, where: number[][], what: number[][], clusters: Cluster[] }) => void }} Globals */

/** Where the pictures and the classes' files lie. */
export const folder = 'explorer/';

/** The audit that data.js holds. */
export function given() {
  return /** @type {Globals} */ (/** @type {unknown} */ (globalThis)).audit;
}

/**
 * The bytes of a Base64 text.
 * @param {string} text
 */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), c => c.charCodeAt(0));
}

/**
 * The class that a picture is called.
 * @param {Audit} audit
 * @param {number} picture
 */
export function slotOf(audit, picture) {
  return audit.classes.findIndex(c => picture >= c.first && picture < c.first + c.count);
}

/**
 * Where the picture itself lies.
 * @param {number} picture
 */
export function pictureFile(picture) {
  return `${folder}pictures/${String(picture).padStart(6, '0')}.jpg`;
}

/**
 * What kinds of findings are called, and what they mean.
 * @type {Record<string, { name: string, means: string }>}
 */
export const kinds = {
  'same-mark': { name: 'Same mark', means: 'These pictures share the same pixels where the evidence lies, and the model relies on them.' },
  'wrong-together': { name: 'Wrong together', means: 'These pictures are wrong more often than the rest of their class, and their evidence is alike.' },
  elsewhere: { name: 'Beside the object', means: 'The evidence lies outside of the objects. Look whether that is how it should be.' },
  'unused-mark': { name: 'Mark not used', means: 'These pictures share the same pixels, but the model does not need them.' },
  split: { name: 'Two ways', means: 'A part of the class is recognised in another way than the rest.' },
};

/** @type {Map<number, Promise<Details>>} */
const asked = new Map();
/** @type {Map<number, Details>} */
const arrived = new Map();

/**
 * Maps and neighbours of a class, if they have arrived.
 * @param {number} slot
 */
export const detailsNow = slot => arrived.get(slot);

/**
 * Maps and neighbours of a class. They come as a script, as pages that are opened from a disk may not read other files.
 * @param {number} slot
 * @returns {Promise<Details>}
 */
export function detailsOf(slot) {
  const before = asked.get(slot);
  if (before) return before;
  /** @type {Promise<Details>} */
  const promise = new Promise((resolve, reject) => {
    const globals = /** @type {Globals} */ (/** @type {unknown} */ (globalThis));
    globals.auditClass ??= (of, raw) => waiting.get(of)?.({ ...raw, maps: bytesOf(raw.maps) });
    waiting.set(slot, details => {
      arrived.set(slot, details);
      resolve(details);
    });
    const script = document.createElement('script');
    script.src = `${folder}classes/${slot}.js`;
    script.onload = () => script.remove();
    script.onerror = () => {
      asked.delete(slot);
      reject(new Error(`${script.src} is missing: copy the audit's folder as a whole.`));
    };
    document.head.append(script);
  });
  asked.set(slot, promise);
  return promise;
}

/** @type {Map<number, (details: Details) => void>} */
const waiting = new Map();

/**
 * A picture's map, 0 to 255, row by row.
 * @param {Audit} audit
 * @param {Details} details Of the picture's class.
 * @param {number} picture
 */
export function mapOf(audit, details, picture) {
  const size = audit.map[0] * audit.map[1], at = picture - audit.classes[slotOf(audit, picture)].first;
  return details.maps.subarray(at * size, (at + 1) * size);
}
