import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { Events } from '../../src/race/events.ts';
import type { Change } from '../../src/race/protocol.ts';

/** A page that reads as fast as the test says. */
class Page extends EventEmitter {
  writableLength = 0;
  status = 0;
  readonly messages: string[] = [];
  #reads = true;

  writeHead(status: number) {
    this.status = status;
    return this;
  }

  write(text: string) {
    this.messages.push(...text.split('\n\n').filter((part) => part !== ''));
    if (!this.#reads) this.writableLength += text.length;
    return this.#reads;
  }

  end() {
    this.emit('close');
  }

  stopReading() {
    this.#reads = false;
  }

  readOn() {
    this.#reads = true;
    this.writableLength = 0;
    this.emit('drain');
  }

  get changes(): Array<Change & { readonly id: string }> {
    return this.messages
      .filter((message) => message.startsWith('id: '))
      .map((message) => {
        const [id, data] = message.split('\n');
        return { ...(JSON.parse(data!.slice('data: '.length)) as Change), id: id!.slice('id: '.length) };
      });
  }

  /** The times of its changes, and `whole` for those that are all there is. */
  get seen(): unknown[] {
    return this.changes.map(({ isWhole, atMs }) => (isWhole ? 'whole' : atMs));
  }
}

const change = (atMs: number, more: object = {}): Change => ({ atMs, isWhole: false, lanes: [], ...more });

function stream() {
  const pages: number[] = [];
  const events = new Events({
    whole: () => change(0, { isWhole: true }),
    onPages: (count) => pages.push(count),
  });
  const join = (last?: string) => {
    const page = new Page();
    events.join(page as unknown as ServerResponse, last);
    return page;
  };
  return { events, pages, join };
}

describe('a stream of changes', () => {
  test('a page that comes gets all there is, then what is new; two pages get the same', () => {
    const { events, join } = stream();
    events.tell(change(1));
    const [one, other] = [join(), join()];
    events.tell(change(2));
    assert.deepEqual(one.seen, ['whole', 2]);
    assert.deepEqual(other.seen, one.seen);
  });

  test('a page that lost its connection gets exactly what it missed', () => {
    const { events, join } = stream();
    const page = join();
    events.tell(change(1));
    events.tell(change(2));
    const last = page.changes.at(-1)!.id;
    page.end();
    events.tell(change(3));
    events.tell(change(4));
    assert.deepEqual(join(last).seen, [3, 4]);
    const missedNothing = join(join(last).changes.at(-1)!.id);
    assert.deepEqual(missedNothing.seen, []);
  });

  test('a page that says something else had last gets all there is', () => {
    const { events, join } = stream();
    for (let atMs = 1; atMs <= 3; atMs++) events.tell(change(atMs));
    const [run] = join().changes[0]!.id.split(' ');
    for (const last of [
      '',
      'nonsense',
      'another-run 2',
      `${run} 99`,
      `${run} x`,
      `${run} 1 2`,
      `${run} NaN`,
    ]) {
      assert.deepEqual(join(last).seen, ['whole'], last);
    }
  });

  test('what is kept for pages that come back has a bound; who comes later than that gets all there is', () => {
    const { events, join } = stream();
    const page = join();
    events.tell(change(1));
    const last = page.changes.at(-1)!.id;
    const large = 'x'.repeat(100_000);
    for (let atMs = 2; atMs <= 40; atMs++) events.tell(change(atMs, { large }));
    assert.deepEqual(join(last).seen, ['whole']);
  });

  test('a page that does not read gets nothing more, and all there is once it reads', () => {
    const { events, join } = stream();
    const [slow, quick] = [join(), join()];
    slow.stopReading();
    const large = 'x'.repeat(100_000);
    for (let atMs = 1; atMs <= 100; atMs++) events.tell(change(atMs, { large }));
    assert.ok(slow.writableLength < 1_300_000, String(slow.writableLength));
    assert.equal(quick.seen.length, 101);
    slow.readOn();
    assert.equal(slow.seen.at(-1), 'whole');
    events.tell(change(101));
    assert.equal(slow.seen.at(-1), 101);
  });

  test('pages are counted as they come and go, and too many are refused', () => {
    const { events, pages, join } = stream();
    const first = join();
    join();
    first.end();
    assert.deepEqual(pages, [1, 2, 1]);
    const more = Array.from({ length: 40 }, () => join());
    assert.equal(events.pages, 32);
    assert.equal(more.at(-1)!.status, 503);
  });
});
