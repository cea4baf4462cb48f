// The page that compares methods: pictures in, and which map to believe.

import { compare, get, keep, progress, stop } from './api.js';
import { $, element, fail, isGivenUp, make, say } from './dom.js';

/** @typedef {{ mean: number | null, low: number | null, high: number | null, undefined: number }} Figure */
/** @typedef {{ name: string, method: string, layer: string | null, same: string[], metrics: Record<string, Figure>, sane: string | null,
 *   specific: string | null, p: number | null, cost: number | null }} Candidate */
/** @typedef {{ pictures: number, candidates: Candidate[], answer: string, recommended: { method: string, layer: string } | null,
 *   headline: string, reasons: string[], limits: string, set: string[], apart: number[], pictures_needed: number | null }} Result */
/** @typedef {{ url: string, blob: Blob }} Small */

const MOST = 200, LONGEST = 640, EVERY = 500;
const USUAL = ['gradcam', 'gradcam++', 'layercam', 'hirescam'];

/** @type {import('./api.js').Served} */
const served = await get('/api/models');
/** @type {import('./api.js').Settings} */
const settings = await get('/page/settings.json');
const models = served.models.filter(m => m.task === 'classify');
const methods = served.methods.filter(m => m.family === 'cam' && m.kind === 'graph' && !m.pixel_space);
const model = element('model', HTMLSelectElement), go = element('go', HTMLButtonElement), files = element('files', HTMLInputElement);
const bar = element('bar', HTMLProgressElement);

/** @type {Small[]} */
let pictures = [];
/** @type {AbortController | null} */
let running = null;

model.append(...models.map(m => make('option', { value: m.name, textContent: m.name })));
$('methods').append(...methods.map(m => make('label', { className: 'chip', title: m.summary },
  make('input', { type: 'checkbox', value: m.name, checked: USUAL.includes(m.name) }), make('span', { textContent: m.title }))));

/** @param {string} name */
const titleOf = name => name === 'centre' ? 'Always the middle' : name === 'random' ? 'Random spots'
  : methods.find(m => m.name === name)?.title ?? name;

const chosen = () => [...$('methods').querySelectorAll('input')].filter(i => i.checked).map(i => i.value);

function ready() {
  $('count').textContent = pictures.length === 0 ? 'none yet; 2 to 200' : `${pictures.length} chosen`;
  go.disabled = running !== null || pictures.length < 2 || chosen().length === 0;
}

/**
 * A picture no larger than the comparison needs.
 * @param {Blob} file
 * @returns {Promise<Small>}
 */
async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = make('canvas', { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done, broken) => canvas.toBlob(b => b ? done(b) : broken(new Error('no picture')), 'image/png'));
  return { blob, url: canvas.toDataURL('image/jpeg', .6) };
}

/** @param {Blob[]} given */
async function take(given) {
  $('error').hidden = true;
  pictures = [];
  let broken = 0;
  for (const file of given.slice(0, MOST)) {
    try {
      pictures.push(await shrink(file));
    } catch {
      broken++;
    }
    ready();
  }
  $('thumbs').replaceChildren(...pictures.map(p => make('li', {}, make('img', { src: p.url, alt: '' }))));
  if (broken > 0) fail(new Error(`${broken} of the files could not be read as pictures and are left out.`));
  if (given.length > MOST) fail(new Error(`Only the first ${MOST} pictures are taken.`));
  ready();
}

files.onchange = () => take([...files.files ?? []]);
$('samples').onclick = async () => {
  try {
    take(await Promise.all(settings.samples.map(async name => (await fetch(`/samples/${encodeURIComponent(name)}`)).blob())));
  } catch (error) {
    fail(error);
  }
};
$('methods').onchange = ready;

/** @param {number} seconds */
const duration = seconds => seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;

/** @param {string} run */
async function watch(run) {
  const now = await progress(run);
  if (!now || now.state !== 'running') return;
  bar.value = now.total > 0 ? Math.min(now.done / now.total, 1) : 0;
  const left = now.done > 2 ? now.seconds * (now.total - now.done) / now.done : 0;
  $('said').textContent = now.done === 0 ? 'finding out which methods apply, and how long they take'
    : `${now.done} of ${now.total} steps${left >= 1 ? `, ${duration(left)} left` : ''}`;
}

go.onclick = async () => {
  const control = running = new AbortController(), run = crypto.randomUUID();
  $('error').hidden = $('result').hidden = true;
  $('running').hidden = $('stop').hidden = false;
  bar.removeAttribute('value');
  ready();
  $('stop').onclick = () => {
    stop(run);
    control.abort();
  };
  const timer = setInterval(() => watch(run), EVERY);
  try {
    const handles = [];
    for (const [i, picture] of pictures.entries()) {
      $('said').textContent = `sending picture ${i + 1} of ${pictures.length}`;
      handles.push(await keep(picture.blob, control.signal));
    }
    $('said').textContent = 'waiting for its turn';
    show(await compare({ model: model.value, pictures: handles, methods: chosen(), run }, control.signal));
  } catch (error) {
    if (isGivenUp(error)) say('Stopped.');
    fail(error);
  } finally {
    clearInterval(timer);
    running = null;
    $('running').hidden = $('stop').hidden = true;
    ready();
  }
};

/** @param {Result} result */
function plainly(result) {
  const taken = result.recommended ? titleOf(result.recommended.method) : '';
  const some = result.set.map(n => titleOf(n.split('@')[0])), list = some.length < 2 ? some.join('')
    : `${some.slice(0, -1).join(', ')} and ${some.at(-1)}`;
  switch (result.answer) {
    case 'one': return [`Take ${taken}.`, result.candidates.filter(c => c.layer !== null && c.p !== null).length === 1
      ? `It is the only one that passes the checks, and on ${result.pictures} of your pictures it is clear of a map that always points at the middle.`
      : `On ${result.pictures} of your pictures it points best at what this network really uses, and by more than chance explains.`];
    case 'no-difference': return [`${list} are equally good as far as ${result.pictures} pictures tell.`,
      `Any of them will do. We would take ${taken}.${result.pictures_needed && result.pictures_needed > result.pictures
        ? ` To see a small difference, give some ${Math.ceil(result.pictures_needed / 10) * 10} pictures.` : ''}`];
    case 'disagreement': return ['The two tests disagree.',
      'One test of faithfulness prefers one method, the other another, and both by more than chance. Look at the pictures below and judge.'];
    case 'nothing-beats-centre': return ['Believe none of them here.',
      'No map is shown to be better than one that always points at the middle of the picture, whatever is in it.'];
    default: return ['None of them passes.', 'Every method failed a check that comes before the comparison; the table says which.'];
  }
}

/** @param {Result} result */
function show(result) {
  const [answer, plain] = plainly(result);
  $('answer').textContent = answer;
  $('plain').textContent = plain;
  $('table').replaceChildren(headings(), make('tbody', {}, ...result.candidates.map(c => row(c, result))));
  $('apart').replaceChildren(...result.apart.map(i => make('li', {}, make('img', { src: pictures[i]?.url ?? '', alt: `Picture ${i + 1}` }))));
  $('apart-part').hidden = result.apart.length === 0;
  $('details').replaceChildren(...[result.headline, ...result.reasons, result.limits].map(t => make('p', { textContent: t })));
  $('result').hidden = false;
  $('result').focus();
  say(answer);
}

function headings() {
  const columns = [
    ['Method', ''],
    ['Points at what the network uses', 'What the map marks is removed from the picture: how much more does the answer suffer than when the rest is removed?'],
    ['Is about this class', 'Asked for another class, does it draw another map?'],
    ['Depends on what was learned', 'With the network’s knowledge scrambled, does the map change?'],
    ['Steady', 'Does it stay the same under noise that nobody sees?'],
    ['Time', 'compared with the answer alone'],
  ];
  return make('thead', {}, make('tr', {}, ...columns.map(([title, what]) =>
    make('th', { scope: 'col' }, title, make('small', { textContent: what })))));
}

/**
 * @param {Candidate} c
 * @param {Result} result
 */
function row(c, result) {
  const isYardstick = c.layer === null, road = c.metrics.road, steady = c.metrics.max_sensitivity?.mean;
  const isTaken = result.recommended?.method === c.method && result.recommended.layer === c.layer;
  /** @type {Record<string, string>} */
  const specific = { yes: 'yes', weak: 'hardly: much the same map for every class', no: 'no: the same map for every class' };
  /** @type {Record<string, string>} */
  const sane = { yes: 'yes', unclear: 'unclear', no: 'no: it stays the same' };
  const name = make('th', { scope: 'row' }, titleOf(c.method));
  if (c.same.length > 0) name.append(make('small', { textContent: ` the same maps: ${c.same.map(s => titleOf(s.split('@')[0])).join(', ')}` }));
  if (isTaken) name.append(make('small', { textContent: ' take this' }));
  const cells = [
    isYardstick || !c.specific ? '' : specific[c.specific],
    isYardstick || !c.sane ? '' : sane[c.sane],
    isYardstick || steady == null ? '' : steady < .25 ? 'yes' : steady < .6 ? 'fairly' : 'no',
    c.cost == null ? '' : `${c.cost.toFixed(1)} times`,
  ];
  return make('tr', { className: isTaken ? 'taken' : isYardstick ? 'yardstick' : '' }, name, faithful(road),
    ...cells.map(text => make('td', { textContent: text })));
}

/** @param {Figure | undefined} road */
function faithful(road) {
  if (!road || road.mean == null || road.low == null || road.high == null) return make('td', { textContent: 'not tested: it failed a check' });
  const filled = make('i');
  filled.style.width = `${Math.max(0, Math.min(1, road.mean)) * 100}%`;
  return make('td', {}, `${road.mean.toFixed(2)}`, make('span', { className: 'meter' }, filled),
    make('small', { textContent: `${road.low.toFixed(2)} to ${road.high.toFixed(2)} with other pictures` }));
}

ready();
