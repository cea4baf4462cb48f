// Where the explorer begins: the list at the side, the pages by address, the keys.

import { given } from './audit.js';
import { explorePage } from './explore.js';
import { badge, findingPage } from './findings.js';
import { overviewPage } from './overview.js';
import { make, save, say } from './parts.js';
import { picturePage } from './picture.js';
import { answers, Verdicts } from './verdicts.js';

const audit = given(), verdicts = new Verdicts(audit);
const context = { audit, verdicts, /** @type {number[]} */ list: [], refresh: drawSide };
/** @type {import('./findings.js').Page | undefined} */
let page;

/** @param {string} selector */
function part(selector) {
  const element = document.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`The page has no ${selector}.`);
  return element;
}

/** The list of findings and classes. */
function drawSide() {
  const here = location.hash || '#/';
  /** @param {string} href @param {(Node | string | null)[]} content */
  const link = (href, ...content) => make('li', {}, make('a', { href, 'aria-current': href === here ? 'page' : null }, content));
  const said = (/** @type {import('./audit.js').Finding} */ f) => {
    const answer = answers.find(a => a.verdict === verdicts.of(f).verdict);
    return answer ? make('span', { class: `said ${answer.verdict}` }, answer.name) : null;
  };
  part('#side').replaceChildren(
    make('ul', {}, link('#/', 'Overview'), link('#/all', `All ${audit.pictures.id.length.toLocaleString('en')} pictures`)),
    make('h2', {}, 'Findings'),
    audit.findings.length ? make('ul', {}, audit.findings.map(f => link(`#/finding/${f.number}`, make('span', { class: 'name' }, `${f.number}. ${f.label}`), said(f), badge(f))))
      : make('p', { class: 'quiet' }, 'None.'),
    make('h2', {}, 'Classes'),
    make('ul', {}, audit.classes.map((c, slot) => link(`#/class/${slot}`, make('span', { class: 'name' }, c.label), make('span', { class: 'quiet' }, c.count.toLocaleString('en'))))));
}

/** @returns {import('./findings.js').Page} */
function pageOf() {
  const [kind, text] = location.hash.replace(/^#\/?/, '').split('/'), number = Number(text);
  const finding = audit.findings.find(f => f.number === number);
  if (kind === 'finding' && finding) return findingPage(context, finding);
  if (kind === 'class' && text && audit.classes[number]) return explorePage(context, number);
  if (kind === 'all') return explorePage(context, -1);
  if (kind === 'picture' && text && audit.pictures.id[number] !== undefined) return picturePage(context, number);
  return overviewPage(context);
}

/** How far each page was scrolled, by address: from a picture one comes back to the same place. @type {Map<string, number>} */
const tops = new Map();
let before = '';

/** Shows what the address names. */
function show() {
  const top = before.startsWith('#/picture') ? tops.get(location.hash) ?? 0 : 0;
  tops.set(before, scrollY);
  before = location.hash;
  page?.close?.();
  scrollTo(0, 0);
  // Galleries have their height one frame later.
  if (top > 0) requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, top)));
  page = pageOf();
  const main = part('main');
  main.replaceChildren(...page.elements);
  document.title = `${page.title} – audit of ${audit.setting.model}`;
  document.documentElement.dataset.page = location.hash;
  drawSide();
  openMenu(false);
}

/**
 * On phones the list is behind a button.
 * @param {boolean} isOpen
 */
function openMenu(isOpen) {
  part('#menu').setAttribute('aria-expanded', String(isOpen));
  part('#side').classList.toggle('is-open', isOpen);
}

/** @param {boolean} isShown */
function showEvidence(isShown) {
  document.documentElement.classList.toggle('plain', !isShown);
  const toggle = part('#evidence');
  toggle.setAttribute('aria-pressed', String(isShown));
}

/** @param {KeyboardEvent} event */
function key(event) {
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input:not([type=radio], [type=range]), select, textarea');
  const dialog = /** @type {HTMLDialogElement} */ (part('#keys'));
  if (isTyping || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
  const answer = answers.find(a => a.key === event.key), isInGallery = event.target instanceof HTMLElement && event.target.closest('.gallery, input') !== null;
  if (answer && page?.judge) page.judge(answer.verdict);
  else if (event.key === 'e') showEvidence(document.documentElement.classList.contains('plain'));
  else if (event.key === 'j' || event.key === 'ArrowRight' && !isInGallery) page?.step?.(1);
  else if (event.key === 'k' || event.key === 'ArrowLeft' && !isInGallery) page?.step?.(-1);
  else if (event.key === 'o') location.hash = '#/';
  else if (event.key === 'a') location.hash = '#/all';
  else if (event.key === 'Escape' && page?.back) page.back();
  else if (event.key === '?') dialog.showModal();
  else if (event.key === '/' && document.querySelector('#search')) part('#search').focus();
  else return;
  event.preventDefault();
}

async function begin() {
  part('#evidence').addEventListener('click', () => showEvidence(document.documentElement.classList.contains('plain')));
  part('#menu').addEventListener('click', () => openMenu(part('#menu').getAttribute('aria-expanded') !== 'true'));
  part('#help').addEventListener('click', () => /** @type {HTMLDialogElement} */ (part('#keys')).showModal());
  part('#verdicts').addEventListener('click', () => {
    save('judged.json', 'application/json', verdicts.text());
    say('Saved judged.json. Put it into the audit\'s folder, so that the next audit knows.');
  });
  part('#skip').addEventListener('click', event => {
    event.preventDefault();
    part('main').focus();
  });
  addEventListener('hashchange', () => {
    show();
    part('main').focus({ preventScroll: true });
  });
  addEventListener('keydown', key);
  history.scrollRestoration = 'manual';
  show();
  await verdicts.begin();
  if (verdicts.file.judged.length) {
    before = '';
    show();
  }
  document.documentElement.dataset.ready = 'true';
}

begin().catch(error => {
  console.error(error);
  part('main').replaceChildren(make('p', { class: 'error', role: 'alert' }, `The audit cannot be shown: ${error instanceof Error ? error.message : error}`));
});
