// Many pictures: only the rows that are near the window are in the page.

import { make, tile } from './parts.js';

/** @typedef {import('./audit.js').Audit} Audit */

const GAP = 10, BELOW = 24, ROWS_AROUND = 3;

/** A gallery that fills its place and grows with its pictures. */
export class Gallery {
  /**
   * @param {Audit} audit
   * @param {string} label What the pictures are.
   * @param {number} least The least width of a picture, in pixels.
   */
  constructor(audit, label, least = 112) {
    this.audit = audit;
    this.least = least;
    /** @type {number[]} */
    this.pictures = [];
    /** @type {Map<number, HTMLElement>} */
    this.tiles = new Map();
    this.columns = this.side = this.row = 0;
    this.element = make('div', { class: 'gallery', role: 'list', 'aria-label': label, keydown: e => this.move(/** @type {KeyboardEvent} */ (e)) });
    this.draw = this.draw.bind(this);
    this.sizes = new ResizeObserver(() => this.lay());
    this.sizes.observe(this.element);
    addEventListener('scroll', this.draw, { passive: true });
  }

  /** Stops to listen. */
  close() {
    this.sizes.disconnect();
    removeEventListener('scroll', this.draw);
  }

  /** @param {number[]} pictures */
  show(pictures) {
    this.pictures = pictures;
    this.clear();
    this.lay();
  }

  /** Takes all tiles out. */
  clear() {
    for (const element of this.tiles.values()) element.remove();
    this.tiles.clear();
  }

  /** Measures columns and height anew. */
  lay() {
    const width = this.element.clientWidth;
    if (!width) return;
    const columns = Math.max(2, Math.floor((width + GAP) / (this.least + GAP)));
    const side = (width - GAP * (columns - 1)) / columns, row = side * this.audit.input[1] / this.audit.input[0] + BELOW + GAP;
    if (columns !== this.columns || Math.abs(side - this.side) > 0.1) this.clear();
    this.columns = columns;
    this.side = side;
    this.row = row;
    this.element.style.height = `${Math.max(0, Math.ceil(this.pictures.length / columns) * row - GAP)}px`;
    this.draw();
  }

  /** Puts the tiles near the window into the page, and takes the others out. */
  draw() {
    if (!this.row) return;
    const top = -this.element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / this.row) - ROWS_AROUND) * this.columns;
    const end = Math.min(this.pictures.length, (Math.ceil((top + innerHeight) / this.row) + ROWS_AROUND) * this.columns);
    for (const [at, element] of this.tiles) {
      if ((at < first || at >= end) && !element.contains(document.activeElement)) {
        element.remove();
        this.tiles.delete(at);
      }
    }
    for (let at = first; at < end; at++) {
      if (this.tiles.has(at)) continue;
      const item = make('div', { class: 'item', role: 'listitem', 'aria-posinset': at + 1, 'aria-setsize': this.pictures.length }, tile(this.audit, this.pictures[at]));
      item.style.width = `${this.side}px`;
      item.style.transform = `translate(${(at % this.columns) * (this.side + GAP)}px, ${Math.floor(at / this.columns) * this.row}px)`;
      item.dataset.at = String(at);
      this.tiles.set(at, item);
      // In the pictures' order, which is the tabulator's too.
      const next = this.tiles.get(at + 1);
      if (next) next.before(item);
      else this.element.append(item);
    }
  }

  /**
   * Arrow keys go from picture to picture.
   * @param {KeyboardEvent} event
   */
  move(event) {
    const item = document.activeElement?.closest('.item'), { columns } = this;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity }[event.key];
    if (!(item instanceof HTMLElement) || step === undefined) return;
    const at = Math.min(Math.max(Number(item.dataset.at) + step, 0), this.pictures.length - 1);
    event.preventDefault();
    const top = this.element.getBoundingClientRect().top + scrollY + Math.floor(at / columns) * this.row;
    if (top < scrollY + 80 || top + this.row > scrollY + innerHeight) scrollTo({ top: top - innerHeight / 3 });
    this.draw();
    this.tiles.get(at)?.querySelector('a')?.focus({ preventScroll: true });
  }
}
