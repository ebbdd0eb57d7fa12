// What is still to be visited, each once. It is an endless-looking input for a pool: a lane that finds nothing waits,
// since a page that another lane is reading may bring more. It ends when nothing is left and nobody is reading.

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

  /** It accepts so many URLs in all, so neither a trap nor its own memory grows without end. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A page under two names is not known as one; a cycle of names is. */
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

  /** A visit that was drawn is over, with all that it had to add. */
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
