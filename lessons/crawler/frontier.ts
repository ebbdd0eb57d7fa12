// The addresses that are still to be visited, each of them once. For a pool it is an input that does not seem to end: a
// lane that finds nothing waits, because a page that another lane is reading may add more. It ends when nothing is left
// and no lane is reading.

export interface Visit {
  readonly url: URL;
  /** Links between the start and this page. */
  readonly depth: number;
}

export class Frontier implements AsyncIterable<Visit> {
  readonly #seen = new Set<string>();
  readonly #waiting: Visit[] = [];
  readonly #limit: number;
  #reading = 0;
  #wake = Promise.withResolvers<void>();

  /** It accepts at most `limit` URLs in all, so that neither a crawl nor its memory grows without end. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Addresses are compared as text: a page with two addresses counts as two pages. */
  add(visit: Visit): 'added' | 'known' | 'full' {
    visit.url.hash = '';
    if (visit.url.search === '') visit.url.search = ''; // or `/a?` would be another page than `/a`
    if (this.#seen.has(visit.url.href)) return 'known';
    if (this.#seen.size >= this.#limit) return 'full';
    this.#seen.add(visit.url.href);
    this.#waiting.push(visit);
    this.#stir();
    return 'added';
  }

  /** A visit is over, and has added all its links. */
  done(): void {
    this.#reading--;
    this.#stir();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Visit> {
    while (this.#waiting.length > 0 || this.#reading > 0) {
      const next = this.#waiting.shift();
      if (next) {
        this.#reading++;
        yield next;
      } else {
        await this.#wake.promise;
      }
    }
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
