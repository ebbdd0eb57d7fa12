import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopRecord, trackLoop } from '../../src/measure/loop-track.ts';
import { now } from '../../src/api/clock.ts';

test('while something blocks the loop, every step gets the lateness at the end of the block', () => {
  const record = new LoopRecord(1000, 10, 8);
  record.add(1010, 1010);
  record.add(1020, 1045);
  assert.deepEqual(record.between(1000, 1050), { startMs: 1000, stepMs: 10, lateMs: [0, 0, 25, 25, 25] });
});

test('less than a millisecond is the timer and not the loop', () => {
  const record = new LoopRecord(0, 10, 8);
  record.add(10, 10.9);
  assert.deepEqual(record.between(0, 20).lateMs, [0, 0]);
});

test('of two in one step the worse one stays', () => {
  const record = new LoopRecord(0, 100, 8);
  record.add(10, 30);
  record.add(50, 55);
  assert.deepEqual(record.between(0, 100).lateMs, [20]);
});

test('a record that is full doubles its steps and forgets no lateness', () => {
  const record = new LoopRecord(0, 10, 4);
  record.add(20, 30);
  record.add(395, 400);
  const { stepMs, lateMs } = record.between(0, 480);
  assert.equal(stepMs, 160);
  assert.deepEqual(lateMs, [10, 0, 5]);
});

test('a part of a record starts at the step that its time is in', () => {
  const record = new LoopRecord(0, 10, 8);
  record.add(30, 45);
  assert.deepEqual(record.between(35, 42), { startMs: 30, stepMs: 10, lateMs: [15, 15] });
  assert.deepEqual(record.between(500, 600).lateMs, []);
});

test('a thread that stands still until the watch ends is late from first to last', () => {
  const stop = trackLoop();
  const fromMs = now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  const { lateMs } = stop().between(fromMs + 20, now());
  assert.ok(lateMs.length > 0 && lateMs.every((late) => late >= 45), String(lateMs));
});
