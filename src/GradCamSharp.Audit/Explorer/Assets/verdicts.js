// What people say of findings. It is kept by the server where there is one, else in this browser.

import { withVerdict } from './selection.js';

/** @typedef {import('./audit.js').Audit} Audit */
/** @typedef {import('./audit.js').Finding} Finding */
/** @typedef {import('./selection.js').JudgedFile} JudgedFile */

/** What can be said, and the key for it. */
export const answers = [
  { verdict: 'shortcut', name: 'Shortcut', key: '1' }, { verdict: 'fine', name: 'Fine', key: '2' }, { verdict: 'unsure', name: 'Unsure', key: '3' },
];

// Browsers that are told to keep nothing throw.

/**
 * @param {string} name
 * @returns {JudgedFile | null}
 */
function recalled(name) {
  try {
    const file = JSON.parse(localStorage.getItem(name) ?? 'null');
    return Array.isArray(file?.judged) ? file : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function remember(name, text) {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** The verdicts of one audit. */
export class Verdicts {
  /** @param {Audit} audit */
  constructor(audit) {
    this.audit = audit;
    this.name = `gradcam-audit:${audit.key}`;
    /** Whether a server keeps them. */
    this.isServed = false;
    /** @type {JudgedFile} */
    this.file = { format: 1, judged: [] };
    for (const finding of audit.findings) if (finding.verdict !== 'open') this.file = withVerdict(audit, this.file, finding, finding.verdict, '');
    this.last = Promise.resolve();
  }

  /** Reads what was said before. */
  async begin() {
    const kept = recalled(this.name);
    if (kept) this.take(kept);
    if (!location.protocol.startsWith('http')) return;
    const response = await fetch('judged.json', { cache: 'no-store' }).catch(() => null);
    if (!response?.ok) return;
    this.isServed = response.headers.get('x-gradcam-audit') === 'judges';
    this.take(await response.json());
  }

  /**
   * Adds what a file says; for one finding the file's word counts.
   * @param {JudgedFile} file
   */
  take(file) {
    const given = new Set(file.judged.map(j => j.key));
    this.file = { format: 1, judged: [...this.file.judged.filter(j => !given.has(j.key)), ...file.judged] };
  }

  /** @param {Finding} finding */
  of(finding) {
    const judged = this.file.judged.find(j => j.key === finding.key);
    return { verdict: judged?.verdict ?? 'open', note: judged?.note ?? '' };
  }

  /**
   * Keeps a verdict; says where.
   * @param {Finding} finding
   * @param {string} verdict
   * @param {string} note
   */
  async set(finding, verdict, note) {
    this.file = withVerdict(this.audit, this.file, finding, verdict, note);
    const isKept = remember(this.name, this.text());
    if (!this.isServed) return isKept ? 'Kept in this browser. Save the verdicts as a file to pass them on.' : 'This browser keeps nothing. Save the verdicts as a file.';
    // One after the other, so that the last one stays.
    const sent = this.last.then(() => fetch('judged.json', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: this.text() }));
    this.last = sent.then(() => {}, () => {});
    const response = await sent.catch(() => null);
    return response?.ok ? 'Saved in judged.json.' : 'The server did not take it. It is kept in this browser.';
  }

  /** The file's text. */
  text() {
    return `${JSON.stringify(this.file, null, 2)}\n`;
  }
}
