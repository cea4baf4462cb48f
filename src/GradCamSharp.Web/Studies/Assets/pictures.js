// The pictures of a study: each is fetched once and held by the page alone, so that none of them stays in the browser's cache.

/** Pictures by their address, as addresses of the page's own memory. */
export class Pictures {
  /** @type {Map<string, Promise<string>>} */
  #held = new Map();

  /**
   * Fetches a picture, or takes the one that was fetched ahead.
   * @param {string} url
   */
  get(url) {
    const held = this.#held.get(url) ?? this.#fetch(url);
    this.#held.set(url, held);
    // What failed is asked for again.
    held.catch(() => this.#held.delete(url));
    return held;
  }

  /**
   * Forgets all but some pictures.
   * @param {string[]} urls Those that stay.
   */
  keep(urls) {
    for (const [url, held] of this.#held) {
      if (urls.includes(url)) continue;
      this.#held.delete(url);
      held.then(URL.revokeObjectURL, () => { });
    }
  }

  /** @param {string} url */
  async #fetch(url) {
    const response = await fetch(url);
    if (!response.ok) throw Object.assign(new Error("A picture could not be loaded."), { status: response.status });
    return URL.createObjectURL(await response.blob());
  }
}
