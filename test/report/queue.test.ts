// What a comparison with a queue says: in the table, below it, on the page, in the trace and in a saved run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsedJson } from '../../src/files/json.ts';
import { checked } from '../../src/files/schema.ts';
import type { IoComparison, QueueFigures } from '../../src/measure/comparison.ts';
import { commandOf } from '../../src/report/command.ts';
import { comparisonText } from '../../src/report/compare.ts';
import { differenceText } from '../../src/report/difference.ts';
import { runDocument } from '../../src/report/document.ts';
import { reportPage } from '../../src/report/html/page.ts';
import { plain } from '../../src/report/paint.ts';
import { queueLines } from '../../src/report/queue.ts';
import { traceOf } from '../../src/report/trace.ts';
import { adviceFor } from '../../src/report/advice.ts';
import { runOf } from './html/runs.ts';
import { ioComparison, ownComparison, queueRow, row } from './samples.ts';

const pool = row('bounded-pool', [100, 101, 102], { peakInFlight: 10 });
const queue = queueRow([300, 302, 304], { peakInFlight: 10, succeeded: 100 });

const compared = (more: Partial<IoComparison> = {}): IoComparison =>
  ioComparison([queue, pool], {
    requests: 100,
    workers: 2,
    database: 'PGlite',
    durability: { beside: 'bounded-pool', perJobMs: 2.01, madMs: 0.03 },
    ...more,
  });

const text = (comparison: IoComparison, verbose = false) =>
  comparisonText(comparison, { paint: plain, verbose, explain: true });

/** The figures of the queue, with some of them changed. */
const figures = (more: Partial<QueueFigures>) => ({ queue: { ...queue.queue!, ...more } });

test('beside a queue the table has throughput and what was in flight, and each column is explained', () => {
  const lines = text(compared());
  assert.match(
    lines.find((line) => line.startsWith('job-queue  '))!,
    / \+192 MiB +331 +10$/,
  );
  const header = lines.find((line) => line.startsWith('approach'))!;
  const titles = header.split(/ {2,}/).slice(1);
  assert.deepEqual(titles, ['time', 'of ideal', 'memory', 'jobs/s', 'at once']);
  for (const title of titles)
    assert.ok(
      lines.some((line) => line.startsWith(`  ${title} `)),
      title,
    );
});

test('with a speed-up too, the table is no wider than a terminal', () => {
  const rows = [
    queueRow([12_345, 12_346, 12_347], { speedup: 12.34, succeeded: 1_000_000 }),
    row('worker-threads', [12_345], { speedup: 12.34, succeeded: 1_000_000, peakInFlight: 1000 }),
  ];
  for (const verbose of [false, true]) {
    for (const line of text(ioComparison(rows, { requests: 1_000_000, workers: 100 }), verbose)) {
      assert.ok(line.length <= 80, `${line.length}: ${line}`);
    }
  }
});

test('the settings name the workers and the database', () => {
  assert.match(
    text(compared()).slice(0, 4).join(' '),
    /concurrency 10, 2 workers, queue in PGlite, loopback/,
  );
});

test('workers, submitter and database each have their memory, and the price has its spread', () => {
  assert.deepEqual(queueLines(compared()), [
    'job-queue: 2 workers held 180 MiB, and the process that submitted the jobs grew by 12.0 MiB. ' +
      'The database, PGlite, held another 300 MiB.',
    'Durability costs 2.01 ms ± 30 µs a job, compared with bounded-pool (3.02 ms instead of 1.01 ms).',
  ]);
});

test('the memory of a database that others started is unknown, and where nothing is known nothing is said', () => {
  const memory = { submitterMiB: 12, workersMiB: 180, databaseMiB: null };
  const [line] = queueLines(
    compared({ rows: [{ ...queue, ...figures({ memory }) }], database: 'postgres://me@db/orders' }),
  );
  assert.match(line!, /The memory of the database, postgres:\/\/me@db\/orders, is unknown, because another /);
  const unknown = compared({ rows: [{ ...queue, ...figures({ memory: null }), memory: null }] });
  assert.deepEqual(queueLines({ ...unknown, durability: undefined } as unknown as IoComparison), []);
});

test('jobs that were begun twice are counted, and it is said why that happens', () => {
  const again = (begunAgain: number) =>
    queueLines(compared({ rows: [{ ...queue, ...figures({ begunAgain }) }] })).join('\n');
  assert.match(again(1), /job-queue: 1 job was begun more than once\. .*"at least once"/);
  assert.match(again(3), /job-queue: 3 jobs were begun more than once\./);
  assert.doesNotMatch(again(0), /more than once/);
});

test('nothing of a queue is said where none was measured', () => {
  const comparison = ioComparison([pool]);
  assert.deepEqual(queueLines(comparison), []);
  assert.doesNotMatch(text(comparison, true).join('\n'), /queue|worker/);
  assert.doesNotMatch(reportPage(runOf(comparison)), /begun again|of the database/);
});

test('the page has every figure of the queue, and names its workers in the picture', () => {
  const page = reportPage(runOf(compared()));
  for (const cell of ['331', '180 MiB', '300 MiB', '60.0 ms', '110 ms']) {
    assert.ok(page.includes(`<td>${cell}</td>`), cell);
  }
  assert.match(page, /Durability costs 2\.01 ms ± 30 µs a job/);
  assert.ok(page.includes('worker 2'));
});

test('the trace and the picture of some requests call a worker a worker', () => {
  const trace = [...traceOf([compared()])].join('');
  assert.match(trace, /"name":"worker 2"/);
  assert.match(text(compared(), true).join(' '), /letter of its thread or worker: A, B/);
});

test('a saved run with a queue is read back as it was, and so is one from before there were queues', () => {
  const run = runOf(compared());
  const readBack = (value: unknown) => checked(runDocument, parsedJson(Buffer.from(JSON.stringify(value))));
  assert.deepEqual(readBack(run), run);
  const before = runOf(ioComparison([pool]));
  assert.deepEqual(readBack(before), before);
  for (const wrong of [
    compared({ workers: 0 }),
    compared({ durability: { beside: 'bounded-pool', perJobMs: -1, madMs: 0 } }),
    compared({ rows: [{ ...queue, ...figures({ begunAgain: 0.5 }) }] }),
  ]) {
    assert.throws(() => readBack(runOf(wrong)), { name: 'DocumentError' });
  }
});

test('the command that makes it again names workers and database, and the embedded one needs no name', () => {
  const shared = 'npm start -- compare fetch-order --requests 100 --concurrency 10 --workers 2 ';
  const rest =
    '--repeats 3 --latency 10 --jitter 0 --network loopback --timeout 10000 --retries 0 --approach job-queue bounded-pool';
  assert.equal(commandOf(compared()), `${shared}${rest}`);
  assert.equal(
    commandOf(compared({ database: 'postgres://me@db:5432/orders' })),
    `${shared}--database postgres://me@db:5432/orders ${rest}`,
  );
  assert.equal(
    commandOf(compared({ database: 'PGlite in my data' })),
    `${shared}--database 'pglite:my data' ${rest}`,
  );
});

test('two runs with other workers or another database say what was changed', () => {
  const other = compared({ workers: 4, database: 'postgres://me@db/orders' });
  const lines = differenceText(compared(), other, plain).join(' ');
  assert.match(
    lines,
    /workers \(2 in A, 4 in B\); database \(PGlite in A, postgres:\/\/me@db\/orders in\s+B\)/,
  );
});

test('no advice takes a queue for its speed', () => {
  const fast = queueRow([10, 11, 12], { speedup: 100 });
  const { sentence } = adviceFor(
    ownComparison([fast, pool, row('sequential', [1000, 1001, 1002])], { workers: 2 }),
  );
  assert.match(sentence, /^Take bounded-pool/);
});
