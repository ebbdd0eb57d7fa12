// A connection of `pg` to a database in this process, instead of a socket to a server. It collects what `pg` writes until it
// has a whole request, and hands the request to the database.
import { Duplex } from 'node:stream';

/** Answers one request of this wire. A request is one query, or the first or the last message of a connection. */
export type Answer = (request: Buffer, kind: RequestKind) => Promise<Uint8Array>;
export type RequestKind = 'startup' | 'query' | 'goodbye';

/** The types of the messages after which Postgres answers: a query without values, and the end of one with values. */
const KINDS: Readonly<Record<string, RequestKind>> = { Q: 'query', S: 'query', X: 'goodbye' };
const LENGTH_BYTES = 4;

export class Wire extends Duplex {
  readonly #answer: Answer;
  #isStarted = false;
  /** Bytes that have come, and are no whole message yet. */
  #unread = Buffer.alloc(0);
  /** Whole messages that are no whole request yet. */
  #request: Buffer[] = [];

  constructor(answer: Answer) {
    super();
    this.#answer = answer;
  }

  // `pg` calls these, because it expects a socket.
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (let message = this.#nextMessage(); message !== undefined; message = this.#nextMessage()) {
      this.#request.push(message);
      const kind = this.#isStarted ? KINDS[String.fromCharCode(message[0]!)] : 'startup';
      if (kind !== undefined) void this.#send(kind);
    }
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  /** Only the first message has no type before its length. The length counts itself, but not the type. */
  #nextMessage(): Buffer | undefined {
    const typeBytes = this.#isStarted ? 1 : 0;
    if (this.#unread.length < typeBytes + LENGTH_BYTES) return undefined;
    const end = typeBytes + this.#unread.readUInt32BE(typeBytes);
    if (this.#unread.length < end) return undefined;
    const message = this.#unread.subarray(0, end);
    this.#unread = this.#unread.subarray(end);
    return message;
  }

  async #send(kind: RequestKind): Promise<void> {
    const request = Buffer.concat(this.#request);
    this.#request = [];
    this.#isStarted = true;
    try {
      const answer = await this.#answer(request, kind);
      if (kind !== 'goodbye') this.push(answer);
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}
