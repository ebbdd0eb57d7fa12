import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRACE_MARK, traceOf } from '../../src/report/trace.ts';
import type { Comparison, Row } from '../../src/measure/comparison.ts';
import { ioComparison, row, span } from './samples.ts';

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, unknown>;
}

const textOf = (...comparisons: Comparison[]) => [...traceOf(comparisons)].join('');
const eventsOf = (...rows: Row[]): Event[] =>
  (JSON.parse(textOf(ioComparison(rows))) as { traceEvents: Event[] }).traceEvents;
const lanes = (events: Event[]) =>
  events.filter(({ name }) => name === 'thread_name').map(({ args }) => args['name']);

test('every approach is a process with its job in the name, in the order of the rows', () => {
  const events = eventsOf(row('sequential', [20]), row('promise-all', [10]));
  const processes = events.filter(({ name }) => name === 'process_name');
  assert.deepEqual(
    processes.map(({ pid, args }) => [pid, args['name']]),
    [
      [1, 'fetch-order: sequential'],
      [2, 'fetch-order: promise-all'],
    ],
  );
});

test('a span starts where it started and takes what it took, in microseconds from the first start', () => {
  const spans = [span(7, 1000.5, 1020.25, { outcome: 'failed', error: 'reset' }), span(8, 1010, 1011)];
  const [first, second] = eventsOf(row('promise-all', [20], { spans })).filter(({ ph }) => ph === 'X');
  assert.deepEqual(
    [first!.ts, first!.dur, first!.args],
    [0, 19_750, { order: 7, outcome: 'failed', error: 'reset' }],
  );
  assert.deepEqual([second!.ts, second!.dur], [9500, 1000]);
});

test('what overlaps lies in different slots, and a slot is used again once it is free', () => {
  const spans = [span(1, 0, 10), span(2, 0, 5), span(3, 5, 15), span(4, 10, 12)];
  const events = eventsOf(row('bounded-pool', [15], { spans }));
  const slots = events.filter(({ ph }) => ph === 'X').map(({ args, tid }) => [args['order'], tid]);
  assert.deepEqual(Object.fromEntries(slots), { 1: 2, 2: 1, 3: 1, 4: 2 });
  assert.deepEqual(lanes(events), ['slot 1', 'slot 2']);
});

test('no two spans of a lane overlap, whatever the spans', () => {
  const spans = Array.from({ length: 500 }, (_, index) => {
    const startMs = (index * 7919) % 400;
    return span(index, startMs, startMs + ((index * 104_729) % 50), { thread: index % 3 });
  });
  const byLane = Map.groupBy(
    eventsOf(row('worker-threads', [400], { spans })).filter(({ ph }) => ph === 'X'),
    ({ tid }) => tid,
  );
  assert.ok(byLane.size > 3);
  for (const lane of byLane.values()) {
    lane.sort((a, b) => a.ts - b.ts || a.dur - b.dur);
    for (const [index, { ts }] of lane.entries()) {
      const before = lane[index - 1];
      assert.ok(!before || before.ts + before.dur <= ts, JSON.stringify([before, lane[index]]));
    }
  }
});

test('threads are lanes by their own number', () => {
  const spans = [
    span(1, 0, 10, { thread: 4 }),
    span(2, 0, 10, { thread: 2 }),
    span(3, 10, 20, { thread: 4 }),
  ];
  assert.deepEqual(lanes(eventsOf(row('worker-threads', [20], { spans }))), ['thread 2', 'thread 4']);
});

test('the number in flight and the loop are counters', () => {
  const events = eventsOf(row('sequential', [20]));
  const values = (counter: string) =>
    events
      .filter(({ name, ph }) => ph === 'C' && name === counter)
      .map(({ ts, args }) => [ts, args[counter]]);
  assert.deepEqual(values('in flight'), [
    [0, 1],
    [20_000, 0],
  ]);
  assert.deepEqual(values('loop late (ms)'), [
    [0, 0],
    [5000, 0],
    [10_000, 2],
    [15_000, 0],
  ]);
});

test('an approach without a measurement has no process, and a trace of nothing is still a trace', () => {
  const text = textOf(ioComparison([{ approach: 'blocking', error: 'crashed' }]));
  assert.ok(text.startsWith(TRACE_MARK));
  assert.deepEqual((JSON.parse(text) as { traceEvents: Event[] }).traceEvents, []);
});

test('twenty thousand spans come in pieces that a string can hold, none of them lost', () => {
  const spans = Array.from({ length: 20_000 }, (_, index) =>
    span(index, index * 2, index * 2 + 3, { thread: index % 4 }),
  );
  let longest = 0;
  let events = 0;
  for (const piece of traceOf([ioComparison([row('worker-threads', [1], { spans })])])) {
    longest = Math.max(longest, piece.length);
    events += piece.split('"ph":"X"').length - 1;
  }
  assert.equal(events, 20_000);
  assert.ok(longest < 1e6, String(longest));
});
