import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GiveUp } from '../../src/running/give-up.ts';
import type { Span } from '../../src/running/recorded.ts';

const failed = (error: string): { span: Span } => ({
  span: { input: 1, startMs: 0, endMs: 1, thread: 0, outcome: 'failed', error },
});
const ok: { span: Span } = { span: { input: 1, startMs: 0, endMs: 1, thread: 0, outcome: 'ok' } };

test('a run is stopped by the failure that makes more than a fifth, with the kinds that there were', () => {
  const giveUp = new GiveUp();
  giveUp.begin(10);
  giveUp.add(failed('StatusError 503'));
  giveUp.add(ok);
  giveUp.add(failed('StatusError 503'));
  assert.equal(giveUp.signal.aborted, false);
  giveUp.add(failed('TimeoutError'));
  assert.match(
    (giveUp.signal.reason as Error).message,
    /^stopped when 3 of 10 tasks had failed, more than a fifth: 2 × StatusError 503, 1 × TimeoutError$/,
  );
});

test('each run begins anew', () => {
  const giveUp = new GiveUp();
  giveUp.begin(10);
  giveUp.add(failed('a'));
  giveUp.add(failed('a'));
  giveUp.begin(10);
  giveUp.add(failed('a'));
  giveUp.add(failed('a'));
  assert.equal(giveUp.signal.aborted, false);
});

test('a task that hangs ends the wait for its run, which would never end', async () => {
  const giveUp = new GiveUp();
  giveUp.begin(10);
  const watched = giveUp.watch(new Promise(() => {}));
  giveUp.hangs(4, 1500);
  await assert.rejects(watched, /the task of input 4 did not end within 1500 ms \(--timeout\)/);
  assert.equal(giveUp.signal.aborted, true);
});
