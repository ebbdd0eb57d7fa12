// What the rows of a run say to README's advice, in each runtime: true, not true, not decided, or not asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOf } from '../../../bench/article/runtimes/advice.ts';
import { CPU, rowName, TIME, TITLE, type Way } from '../../../bench/article/runtimes/names.ts';
import { Rows, type Row } from '../../../bench/rows.ts';
import { spreadOf } from '../../../src/measure/statistics.ts';

const spread = (value: number, turns = 3) => spreadOf([value, value * 1.01, value * 0.99].slice(0, turns));

/** Times of each way, and of the pool also what it reaches and costs. */
type Times = Readonly<Partial<Record<Way, number>>> & { readonly ofLimit?: number; readonly cpu?: number };
const GOOD: Times = {
  oneByOne: 120,
  pool: 2.5,
  all: 0.5,
  computing: 20,
  computingAll: 20,
  computingInThreads: 10,
  ofLimit: 0.97,
  cpu: 0.2,
};

function rowsOf(client: string, { ofLimit, cpu, ...times }: Times, turns = 3): Row[] {
  return Object.entries(times).map(([way, ms]) => ({
    section: TITLE,
    name: rowName(client, way as Way),
    figures: {
      [TIME]: spread(ms, turns),
      ...(way === 'pool' && { ofLimit: spread(ofLimit!, turns), [CPU]: spread(cpu!, turns) }),
    },
  }));
}
const said = (...rows: readonly Row[][]) => {
  const clients = rows.map(([row]) => row!.name.split(':')[0]!);
  return adviceOf(new Rows(rows.flat()), clients);
};

test('if all advice is true, the first sentence says so, and each further one has its figures', () => {
  assert.deepEqual(said(rowsOf('Node', GOOD), rowsOf('Bun', { ...GOOD, cpu: 0.1 })), [
    'The advice of README holds in Node and Bun.',
    'If nothing limits the requests, all at once is the fastest: true in Node (240× as fast as one by one) and Bun (240×).',
    'A pool of 50 comes near its limit N·L/C (90 % of it or more): true in Node (97 % of it) and Bun (97 %).',
    'Async does not speed up work that computes: true in Node (1.00× as fast as one by one) and Bun (1.00×).',
    'Threads speed up work that computes: true in Node (2.00× as fast as one by one) and Bun (2.00×).',
    'A request in the pool takes the least CPU time in Bun, 100 µs; the others take more: Node 2.00×.',
  ]);
});

test('each piece of advice can be untrue', () => {
  const untrue: ReadonlyArray<readonly [change: Times, sentence: RegExp]> = [
    [{ all: 3 }, /^If nothing limits .*: not true in Bun \(0\.83× as fast as the pool\)\.$/],
    [{ all: 150, pool: 150 }, /^If nothing limits .*: not true in Bun \(0\.80× as fast as one by one\)\.$/],
    [{ pool: 4, ofLimit: 0.62 }, /^A pool of 50 .*: not true in Bun \(62 % of it\)\.$/],
    [{ computingAll: 10 }, /^Async does not .*: not true in Bun \(2\.00× as .*\)\.$/],
    [{ computingInThreads: 40 }, /^Threads speed up .*: not true in Bun \(0\.50× as .*\)\.$/],
  ];
  for (const [change, sentence] of untrue) {
    const sentences = said(rowsOf('Bun', { ...GOOD, ...change }));
    assert.ok(
      sentences.some((one) => sentence.test(one)),
      sentences.join('\n'),
    );
    assert.ok(!sentences.some((one) => one.startsWith('The advice of README')));
  }
});

test('clients that cannot be told apart, and one that failed, leave the advice undecided', () => {
  const { all: _, ...without } = GOOD;
  const failed: Row = { section: TITLE, name: rowName('Deno', 'all'), error: 'burnt' };
  const sentences = said(
    rowsOf('Node', GOOD),
    [...rowsOf('Deno', without), failed],
    rowsOf('Bun', { ...GOOD, computingInThreads: 20.1 }),
  );
  assert.match(sentences[0]!, /: true in Node \(240× as .*\) and Bun \(240×\); not decided in Deno\.$/);
  assert.match(
    sentences[3]!,
    /^Threads .*: true in Node \(2\.00× as .*\) and Deno \(2\.00×\); not decided in Bun\.$/,
  );
});

test('a figure that turns put on both sides of an edge, or that rounding puts on it, leaves the advice undecided', () => {
  const sentence = (about: RegExp, way: Way, figures: Readonly<Record<string, readonly number[]>>) => {
    const changed = (row: Row): Row =>
      row.name === rowName('Deno', way)
        ? {
            ...row,
            figures: Object.fromEntries(Object.entries(figures).map(([name, of]) => [name, spreadOf(of)])),
          }
        : row;
    const sentences = said(rowsOf('Node', GOOD), rowsOf('Deno', GOOD).map(changed));
    return sentences.find((one) => about.test(one)) ?? assert.fail(sentences.join('\n'));
  };
  const limit = (...ofLimit: number[]) => sentence(/near its limit/, 'pool', { ofLimit });
  assert.match(limit(0.91, 0.93, 0.89), /; not decided in Deno\.$/);
  assert.match(limit(0.899, 0.896, 0.9), /true in Node .* and Deno \(90 %\)\.$/, 'as it is printed');
  assert.match(limit(0.89, 0.894, 0.893), /; not true in Deno \(89 %\)\.$/);
  const async = (...ms: number[]) => sentence(/^Async/, 'computingAll', { [TIME]: ms });
  assert.match(async(19.6, 19.61, 19.6), / and Deno \(1\.02×\)\.$/, 'a gain of a fiftieth is none');
  assert.match(async(12, 24, 40), /; not decided in Deno\.$/, 'noise is no proof that nothing is gained');
  assert.match(async(18.2, 18.1, 18.3), /; not decided in Deno\.$/);
  assert.match(async(17, 17.1, 16.9), /; not true in Deno \(1\.18×\)\.$/);
});

test('a client is judged only by what it does, and one that is left out by nothing', () => {
  const { computing: _, computingAll: __, computingInThreads: ___, ...sends } = GOOD;
  const leftOut: Row[] = [{ section: TITLE, name: 'Bun', leftOut: 'not there' }];
  const sentences = said(rowsOf('Node', GOOD), rowsOf('undici', sends), leftOut);
  assert.equal(sentences[0], 'The advice of README holds in Node and undici.');
  assert.match(sentences[1]!, /: true in Node \(240× as .*\) and undici \(240×\)\.$/);
  assert.match(sentences[3]!, /: true in Node \(1\.00× as .*\)\.$/);
});

test('one turn decides nothing', () => {
  assert.deepEqual(said(rowsOf('Node', GOOD, 1), rowsOf('Bun', GOOD, 1)), []);
});

test('the client with the least CPU time is named only if it takes less than all others beyond doubt', () => {
  const sentences = (one: number, other: number) =>
    said(rowsOf('Node', { ...GOOD, cpu: one }), rowsOf('Bun', { ...GOOD, cpu: other })).join(' ');
  assert.doesNotMatch(sentences(0.2, 0.2), /least CPU time/);
  assert.match(sentences(0.1, 0.2), /least CPU time in Node, 100 µs; the others take more: Bun 2\.00×\./);
});

test('a client that holds requests back, always at the same number, is named', () => {
  const withPeaks = (...peaks: number[]) => {
    const all: Row = {
      section: TITLE,
      name: rowName('Bun', 'all'),
      figures: { [TIME]: spread(0.5), peakInFlight: spreadOf(peaks), inputs: spreadOf([400, 400, 400]) },
    };
    return adviceOf(new Rows([all]), ['Bun']);
  };
  assert.deepEqual(withPeaks(256, 256, 256), [
    'In Bun, promise-all had 256 of its 400 requests in flight at most, in every turn.',
  ]);
  assert.deepEqual(withPeaks(256, 255, 256), [], 'it was slow, perhaps');
  assert.deepEqual(withPeaks(400, 400, 400), []);
  assert.deepEqual(withPeaks(256, 256), []);
});
