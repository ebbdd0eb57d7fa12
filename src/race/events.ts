// Server-sent events: one stream of changes for any number of pages. A page that lost its connection says which message it
// had last, and gets the later ones. If these are not kept any more, it gets everything. A page that reads too slowly gets
// nothing until it has read the messages that wait for it, and then it gets everything. So the messages that wait for a
// page stay few.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Change } from './protocol.ts';

/** Messages of at most so many characters together are kept for pages that come back. */
const MOST_KEPT = 2_000_000;
/** Bytes that may wait for one page. */
const MOST_WAITING = 1_000_000;
/** Pages at one time. A browser opens at most six streams to one server. */
const MOST_PAGES = 32;
/** How long a browser waits before it tries again, in milliseconds. */
const RETRY_MS = 500;

export interface EventsOptions {
  /** All there is, as a change. */
  readonly whole: () => Change;
  /** Is called when the number of pages changes. */
  readonly onPages: (pages: number) => void;
}

interface KeptMessage {
  readonly id: number;
  readonly message: string;
}

export class Events {
  readonly #options: EventsOptions;
  /** Another one in each process: numbers of a server that ran before mean nothing here. */
  readonly #run = randomUUID();
  readonly #pages = new Set<ServerResponse>();
  /** Those that have been told nothing since they fell behind. */
  readonly #behind = new WeakSet<ServerResponse>();
  readonly #kept: KeptMessage[] = [];
  #keptLength = 0;
  #lastId = 0;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  get pages(): number {
    return this.#pages.size;
  }

  /** Makes `response` a stream of all changes from now on. `lastEventId` is what the page had last, if it comes back. */
  join(response: ServerResponse, lastEventId: string | undefined): void {
    if (this.#pages.size >= MOST_PAGES) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    const missed = this.#missedSince(lastEventId);
    response.write(missed ? missed.map(({ message }) => message).join('') : this.#whole());
    this.#pages.add(response);
    response.once('close', () => {
      this.#pages.delete(response);
      this.#options.onPages(this.#pages.size);
    });
    response.on('drain', () => {
      if (!this.#behind.delete(response)) return;
      response.write(this.#whole());
    });
    this.#options.onPages(this.#pages.size);
  }

  /** Tells all pages. */
  tell(change: Change): void {
    const id = ++this.#lastId;
    const message = this.#message(id, change);
    this.#keep({ id, message });
    for (const page of this.#pages) {
      if (this.#behind.has(page)) continue;
      if (page.writableLength > MOST_WAITING) this.#behind.add(page);
      else page.write(message);
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const page of this.#pages) page.end();
  }

  #message = (id: number, change: Change): string =>
    `id: ${this.#run} ${id}\ndata: ${JSON.stringify(change)}\n\n`;

  #whole = (): string => this.#message(this.#lastId, this.#options.whole());

  #keep(kept: KeptMessage): void {
    this.#kept.push(kept);
    this.#keptLength += kept.message.length;
    while (this.#keptLength > MOST_KEPT) this.#keptLength -= this.#kept.shift()!.message.length;
  }

  /** undefined if it cannot be known what the page has missed. */
  #missedSince(lastEventId: string | undefined): readonly KeptMessage[] | undefined {
    const [run, id, ...more] = (lastEventId ?? '').split(' ');
    const last = Number(id);
    if (run !== this.#run || more.length > 0 || !(last <= this.#lastId)) return undefined;
    const first = this.#kept[0]?.id ?? this.#lastId + 1;
    return last >= first - 1 ? this.#kept.slice(last - first + 1) : undefined;
  }
}
