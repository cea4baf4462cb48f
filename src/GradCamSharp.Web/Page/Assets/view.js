// Panels that zoom and move together.

import { $ } from './dom.js';

const MOST = 24;

/** @param {Event} event */
const panelOf = event => /** @type {HTMLElement} */ (event.currentTarget);

/** @param {Event} event */
const boxOf = event => panelOf(event).getBoundingClientRect();

/** The part of the picture that all panels show: a zoom, and where the picture's corner lies, as a share of the panel's size. */
export class View {
  /** @type {Set<HTMLElement>} */
  #panels = new Set();
  // Panels come and go and come back; each listens once.
  /** @type {WeakSet<HTMLElement>} */
  #known = new WeakSet();
  /** @type {Map<number, PointerEvent>} */
  #pointers = new Map();
  #changed;
  zoom = 1;
  x = 0;
  y = 0;

  /** @param {(view: View) => void} changed Called when the view has changed. */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Makes a panel follow the view.
   * @param {HTMLElement} panel
   */
  add(panel) {
    this.#panels.add(panel);
    this.#apply();
    if (this.#known.has(panel)) return;
    this.#known.add(panel);
    panel.addEventListener('wheel', e => this.#wheel(e), { passive: false });
    panel.addEventListener('pointerdown', e => this.#down(e));
    panel.addEventListener('pointermove', e => this.#move(e));
    panel.addEventListener('pointerup', e => this.#up(e));
    panel.addEventListener('pointercancel', e => this.#up(e));
    panel.addEventListener('dblclick', e => this.at(e, this.zoom > 1 ? 1 / this.zoom : 3));
    panel.addEventListener('keydown', e => this.#key(e));
  }

  clear() {
    this.#panels.clear();
    this.#pointers.clear();
  }

  reset() {
    this.zoom = 1;
    this.x = this.y = 0;
    this.#apply();
  }

  /**
   * Zooms about a place, given as shares of the panel's size.
   * @param {number} factor
   * @param {number} px
   * @param {number} py
   */
  by(factor, px = 0.5, py = 0.5) {
    const zoom = Math.min(Math.max(this.zoom * factor, 1), MOST), k = zoom / this.zoom;
    this.x = px - (px - this.x) * k;
    this.y = py - (py - this.y) * k;
    this.zoom = zoom;
    this.#apply();
  }

  /**
   * Zooms about the place of an event.
   * @param {MouseEvent} event
   * @param {number} factor
   */
  at(event, factor) {
    const box = boxOf(event);
    this.by(factor, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  #apply() {
    this.x = Math.min(Math.max(this.x, 1 - this.zoom), 0);
    this.y = Math.min(Math.max(this.y, 1 - this.zoom), 0);
    for (const panel of this.#panels) {
      const paper = /** @type {HTMLElement} */ (panel.querySelector('.paper'));
      paper.style.transform = `translate(${100 * this.x}%, ${100 * this.y}%) scale(${this.zoom})`;
      paper.style.setProperty('--zoom', String(this.zoom));
      paper.classList.toggle('near', this.zoom >= 6);
      panel.classList.toggle('zoomed', this.zoom > 1);
    }
    this.#changed(this);
  }

  /** Draws again what depends on the zoom. */
  refresh() {
    this.#apply();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    // A plain wheel scrolls the page, as everywhere.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.at(event, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0022)));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#pointers.set(event.pointerId, event);
    if (this.zoom > 1 || this.#pointers.size > 1) {
      panelOf(event).setPointerCapture(event.pointerId);
      panelOf(event).classList.add('moving');
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const box = boxOf(event);
    const others = [...this.#pointers.values()].filter(p => p.pointerId !== event.pointerId);
    if (others.length > 0) {
      /** @param {PointerEvent} p */
      const apart = p => Math.hypot(p.clientX - others[0].clientX, p.clientY - others[0].clientY) || 1;
      const middle = [(event.clientX + others[0].clientX) / 2, (event.clientY + others[0].clientY) / 2];
      this.by(apart(event) / apart(before), (middle[0] - box.left) / box.width, (middle[1] - box.top) / box.height);
    }
    if (this.zoom > 1) {
      this.x += (event.clientX - before.clientX) / box.width / (others.length + 1);
      this.y += (event.clientY - before.clientY) / box.height / (others.length + 1);
      this.#apply();
    }
    this.#pointers.set(event.pointerId, event);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    this.#pointers.delete(event.pointerId);
    panelOf(event).classList.remove('moving');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = 0.12;
    /** @type {Record<string, number[]>} */
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') this.by(1.4);
    else if (event.key === '-') this.by(1 / 1.4);
    else if (event.key === '0') this.reset();
    else if (moves[event.key] && this.zoom > 1) {
      this.x += moves[event.key][0];
      this.y += moves[event.key][1];
      this.#apply();
    } else return;
    event.preventDefault();
  }
}

/** The part of the picture that all panels show. */
export const view = new View(v => {
  $('zoom-value').textContent = `${Math.round(100 * v.zoom)} %`;
});
