// How long the pictures of a study were looked at.

/** The clock stands still while the page is hidden. */
export class Watch {
  #spent = 0;
  /** @type {number | null} */
  #since;
  #now;

  /**
   * @param {() => number} now The time in milliseconds.
   * @param {boolean} hidden Whether the page is hidden at the start.
   */
  constructor(now, hidden) {
    this.#now = now;
    this.#since = hidden ? null : now();
  }

  /**
   * The page was hidden, or is shown again.
   * @param {boolean} hidden
   */
  toggle(hidden) {
    if (this.#since !== null) this.#spent += this.#now() - this.#since;
    this.#since = hidden ? null : this.#now();
  }

  get milliseconds() {
    return Math.round(this.#spent + (this.#since === null ? 0 : this.#now() - this.#since));
  }
}
