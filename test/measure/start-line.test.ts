import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { held, startLine } from '../../src/measure/start-line.ts';

test('nobody goes before all have reached the line', async () => {
  const place = startLine(3);
  const [one, two, three] = [place(), place(), place()];
  const gone: string[] = [];
  void one.reach().then(() => gone.push('one'));
  void two.reach().then(() => gone.push('two'));
  await turn();
  assert.deepEqual(gone, []);
  await three.reach();
  await turn();
  assert.deepEqual(gone, ['one', 'two']);
});

test('who leaves is not waited for, and counts once however often it leaves', async () => {
  const place = startLine(3);
  const [one, two, three] = [place(), place(), place()];
  one.leave();
  one.leave();
  let hasGone = false;
  const going = two.reach().then(() => (hasGone = true));
  await turn();
  assert.equal(hasGone, false);
  three.leave();
  assert.equal(await going, true);
});

test('whoever is held goes when all are ready and it is let go, or when its signal aborts', async () => {
  const place = startLine(3);
  const stop = new AbortController();
  const [one, two, three] = [held(place(), stop.signal), held(place(), stop.signal), place()];
  const gone: string[] = [];
  void one.reach().then(() => gone.push('one'));
  void two.reach().then(() => gone.push('two'));
  one.letGo();
  await turn();
  assert.deepEqual(gone, []);
  three.leave();
  await turn();
  assert.deepEqual(gone, ['one']);
  stop.abort();
  await turn();
  assert.deepEqual(gone, ['one', 'two']);
});
