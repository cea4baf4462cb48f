// Pictures as points on a canvas: zoomed by wheel, pinch, buttons and keys, moved, and framed to choose what lies within.

import { make, percent } from './parts.js';
import { pictureFile } from './audit.js';
import { fit, framed, nearest, zoomed } from './plane.js';

/** @typedef {import('./audit.js').Audit} Audit */
/** @typedef {import('./selection.js').Frame} Frame */

const MARGIN = 26, REACH = 14, CLICK = 4;

/** A scatter with its buttons. */
export class Scatter {
  /**
   * @param {Audit} audit
   * @param {(frame: Frame | null) => void} onFrame Called when a frame has been drawn or taken away.
   */
  constructor(audit, onFrame) {
    this.audit = audit;
    this.onFrame = onFrame;
    /** @type {number[]} */
    this.pictures = [];
    /** @type {Float64Array} */
    this.xs = new Float64Array(0);
    /** @type {Float64Array} */
    this.ys = new Float64Array(0);
    /** @type {Set<number>} */
    this.shown = new Set();
    /** @type {Set<number>} */
    this.marked = new Set();
    /** @type {Frame | null} */
    this.frame = null;
    this.place = this.whole = { scale: 1, x: 0, y: 0 };
    this.moves = false;
    /** @type {Map<number, { x: number, y: number }>} */
    this.fingers = new Map();
    this.canvas = make('canvas', { tabindex: 0, role: 'img', 'aria-label': 'Scatter of the pictures. Arrow keys move it, plus and minus zoom, 0 shows all. The gallery lists the same pictures.' });
    // Canvases know no variables of a style sheet: the colours are read from these.
    this.inks = Object.fromEntries(['faded', 'point', 'alarm', 'accent'].map(name => [name, make('i', { class: `ink ${name}`, hidden: true })]));
    this.tip = make('div', { class: 'tip', hidden: true });
    const mode = (/** @type {string} */ value, /** @type {string} */ text, /** @type {boolean} */ moves) => make('label', {},
      make('input', { type: 'radio', name: 'drag', value, checked: !moves, change: () => { this.moves = moves; this.canvas.classList.toggle('moves', moves); } }), make('span', {}, text));
    this.element = make('div', { class: 'scatter' },
      make('div', { class: 'tools' },
        make('span', { class: 'segments', role: 'radiogroup', 'aria-label': 'What dragging does' }, mode('choose', 'Choose', false), mode('move', 'Move', true)),
        make('span', { class: 'zoom' },
          make('button', { type: 'button', class: 'button', 'aria-label': 'Zoom out', click: () => this.zoom(1 / 1.6) }, '−'),
          make('button', { type: 'button', class: 'button', click: () => this.fit() }, 'All'),
          make('button', { type: 'button', class: 'button', 'aria-label': 'Zoom in', click: () => this.zoom(1.6) }, '+'))),
      make('div', { class: 'plot' }, this.canvas, this.tip, Object.values(this.inks)));
    this.canvas.addEventListener('pointerdown', e => this.down(e));
    this.canvas.addEventListener('pointermove', e => this.moved(e));
    this.canvas.addEventListener('pointerup', e => this.up(e));
    this.canvas.addEventListener('pointercancel', e => this.drop(e));
    this.canvas.addEventListener('pointerleave', () => { this.tip.hidden = true; });
    this.canvas.addEventListener('wheel', e => {
      e.preventDefault();
      this.zoom(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0015)), e.offsetX, e.offsetY);
    }, { passive: false });
    this.canvas.addEventListener('keydown', e => this.key(e));
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.canvas);
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.draw();
    this.dark.addEventListener('change', this.redraw);
  }

  /** Stops to listen. */
  close() {
    this.sizes.disconnect();
    this.dark.removeEventListener('change', this.redraw);
  }

  /**
   * @param {number[]} pictures
   * @param {Float64Array} xs
   * @param {Float64Array} ys
   * @param {Set<number>} marked The pictures of findings.
   */
  set(pictures, xs, ys, marked) {
    this.pictures = pictures;
    this.xs = xs;
    this.ys = ys;
    this.marked = marked;
    this.frame = null;
    this.fit();
  }

  /**
   * Which pictures are not faded.
   * @param {number[]} pictures
   */
  show(pictures) {
    this.shown = new Set(pictures);
    this.draw();
  }

  /** Takes the frame away. */
  unframe() {
    this.frame = null;
    this.draw();
    this.onFrame(null);
  }

  resize() {
    const ratio = devicePixelRatio || 1, { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.fit();
  }

  fit() {
    this.place = this.whole = fit(this.xs, this.ys, this.canvas.clientWidth, this.canvas.clientHeight, MARGIN);
    this.draw();
  }

  /**
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    this.place = zoomed(this.place, factor, x, y, this.whole.scale);
    this.draw();
  }

  draw() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.paint();
    });
  }

  paint() {
    const context = this.canvas.getContext('2d');
    if (!context || !this.canvas.isConnected) return;
    const ratio = devicePixelRatio || 1, { clientWidth: width, clientHeight: height } = this.canvas;
    const color = (/** @type {string} */ name) => getComputedStyle(this.inks[name]).color;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { right } = this.audit.pictures, { scale, x, y } = this.place;
    const radius = Math.min(6, Math.max(2, (this.pictures.length > 2000 ? 2.2 : 3.6) * Math.sqrt(scale / this.whole.scale)));
    // Faded ones first, those of findings last: what counts lies above.
    /** @type {[string, number, (i: number) => boolean][]} */
    const layers = [
      [color('faded'), 1, i => !this.shown.has(this.pictures[i])],
      [color('point'), 0.75, i => this.shown.has(this.pictures[i]) && !this.marked.has(this.pictures[i]) && right[this.pictures[i]] !== '0'],
      [color('alarm'), 0.85, i => this.shown.has(this.pictures[i]) && !this.marked.has(this.pictures[i]) && right[this.pictures[i]] === '0'],
      [color('accent'), 0.9, i => this.shown.has(this.pictures[i]) && this.marked.has(this.pictures[i])],
    ];
    for (const [fill, alpha, belongs] of layers) {
      context.fillStyle = fill;
      context.globalAlpha = alpha;
      context.beginPath();
      for (let i = 0; i < this.xs.length; i++) {
        const px = this.xs[i] * scale + x, py = this.ys[i] * scale + y;
        if (!(px > -9 && px < width + 9 && py > -9 && py < height + 9) || !belongs(i)) continue;
        context.moveTo(px + radius, py);
        context.arc(px, py, radius, 0, 2 * Math.PI);
      }
      context.fill();
    }
    context.globalAlpha = 1;
    if (this.frame) {
      const { x0, y0, x1, y1 } = this.frame;
      context.strokeStyle = context.fillStyle = color('accent');
      context.setLineDash([5, 4]);
      context.lineWidth = 1.5;
      context.strokeRect(x0 * scale + x, y0 * scale + y, (x1 - x0) * scale, (y1 - y0) * scale);
      context.setLineDash([]);
      context.globalAlpha = 0.08;
      context.fillRect(x0 * scale + x, y0 * scale + y, (x1 - x0) * scale, (y1 - y0) * scale);
      context.globalAlpha = 1;
    }
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.start = { x: event.offsetX, y: event.offsetY };
    this.isDragged = false;
    this.tip.hidden = true;
  }

  /** @param {PointerEvent} event */
  moved(event) {
    const before = this.fingers.get(event.pointerId), at = { x: event.offsetX, y: event.offsetY };
    if (!before) {
      if (event.pointerType === 'mouse') this.hover(at);
      return;
    }
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!this.start || !this.isDragged && Math.hypot(at.x - this.start.x, at.y - this.start.y) < CLICK) return;
    this.isDragged = true;
    this.fingers.set(event.pointerId, at);
    if (other) {
      const apart = Math.hypot(at.x - other.x, at.y - other.y), was = Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      this.frame = null;
      this.zoom(apart / was, (at.x + other.x) / 2, (at.y + other.y) / 2);
    } else if (this.moves || event.shiftKey) {
      this.place = { ...this.place, x: this.place.x + at.x - before.x, y: this.place.y + at.y - before.y };
      this.draw();
    } else {
      this.frame = framed(this.place, this.start.x, this.start.y, at.x, at.y);
      this.draw();
    }
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    if (this.isDragged) {
      if (!this.moves && !event.shiftKey) this.onFrame(this.frame);
      return;
    }
    const i = nearest(this.place, this.xs, this.ys, event.offsetX, event.offsetY, REACH);
    if (i >= 0) location.hash = `#/picture/${this.pictures[i]}`;
    else if (this.frame) this.unframe();
  }

  /** @param {PointerEvent} event */
  drop(event) {
    this.fingers.delete(event.pointerId);
  }

  /** @param {{ x: number, y: number }} at */
  hover(at) {
    const i = nearest(this.place, this.xs, this.ys, at.x, at.y, REACH);
    this.canvas.style.cursor = i >= 0 ? 'pointer' : '';
    this.tip.hidden = i < 0;
    if (i < 0) return;
    const picture = this.pictures[i];
    if (this.tip.dataset.picture !== String(picture)) {
      this.tip.dataset.picture = String(picture);
      this.tip.replaceChildren(make('img', { src: pictureFile(picture), alt: '' }), make('span', {}, percent(this.audit.pictures.probability[picture])));
    }
    const px = this.xs[i] * this.place.scale + this.place.x, py = this.ys[i] * this.place.scale + this.place.y;
    this.tip.style.left = `${Math.min(Math.max(px - 56, 4), this.canvas.clientWidth - 120)}px`;
    this.tip.style.top = `${py > 150 ? py - 148 : py + 14}px`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
    if (by) this.place = { ...this.place, x: this.place.x + by[0], y: this.place.y + by[1] };
    else if (event.key === '+' || event.key === '=') this.zoom(1.6);
    else if (event.key === '-') this.zoom(1 / 1.6);
    else if (event.key === '0') this.fit();
    else if (event.key === 'Escape' && this.frame) this.unframe();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
  }
}
