// The hedge of lesson 20 as one would copy it: failures and aborts, which the lesson's own run does not show.
import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import { hedged } from '../../lessons/20-hedging.ts';
import { manyTurns } from '../turns.ts';

/** A task whose tries a test answers one by one. It ends at its signal, as a request does. */
function tries() {
  const begun: Array<PromiseWithResolvers<string> & { readonly signal: AbortSignal }> = [];
  const task = (_input: number, signal?: AbortSignal): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    // A turn later, as a request does that has a socket to close first.
    signal!.addEventListener('abort', () => setImmediate(() => answer.reject(signal!.reason)));
    begun.push({ ...answer, signal: signal! });
    return answer.promise;
  };
  return { begun, task };
}

/** Fires after so many milliseconds of a clock that the test moves. */
async function pass(ms: number): Promise<void> {
  await manyTurns();
  mock.timers.tick(ms);
  await manyTurns();
}

const options = { afterMs: 100, percent: 100 };
mock.timers.enable({ apis: ['setTimeout'] });
syncBuiltinESMExports(); // or the lesson would keep the real timer that it imported

test('an answer in time: one try, and its timer is gone', async () => {
  const { begun, task } = tries();
  const answer = hedged(task, options)(1);
  await pass(99);
  begun[0]!.resolve('soup');
  assert.equal(await answer, 'soup');
  await pass(1000);
  assert.equal(begun.length, 1);
});

test('a failure in time is told at once: to repeat failures is not the business of a hedge', async () => {
  const { begun, task } = tries();
  const answer = hedged(task, options)(1);
  begun[0]!.reject(new Error('no such order'));
  await assert.rejects(answer, { message: 'no such order' });
  await pass(1000);
  assert.equal(begun.length, 1);
});

test('a late answer: whichever try is first wins, and the other one is ended', async () => {
  for (const winner of [0, 1]) {
    const { begun, task } = tries();
    const answer = hedged(task, options)(1);
    await pass(100);
    assert.equal(begun.length, 2);
    begun[winner]!.resolve(`try ${winner}`);
    assert.equal(await answer, `try ${winner}`);
    assert.equal(begun[1 - winner]!.signal.aborted, true, `the other one of try ${winner}`);
  }
});

test('of two tries that run, one may fail; if both do, the error of the first is told', async () => {
  const one = tries();
  const saved = hedged(one.task, options)(1);
  await pass(100);
  one.begun[0]!.reject(new Error('connection lost'));
  await pass(0);
  one.begun[1]!.resolve('soup');
  assert.equal(await saved, 'soup');

  const both = tries();
  const lost = hedged(both.task, options)(1);
  await pass(100);
  both.begun[1]!.reject(new Error('second'));
  both.begun[0]!.reject(new Error('first'));
  await assert.rejects(lost, { message: 'first' });
});

test('the budget is one for all inputs: a late task beyond it waits for its only try', async () => {
  const { begun, task } = tries();
  const impatient = hedged(task, { afterMs: 100, percent: 10 });
  const answers = Array.from({ length: 20 }, (_, input) => impatient(input));
  await pass(100);
  assert.equal(begun.length, 20 + 2);
  for (const { resolve } of begun) resolve('soup');
  assert.equal((await Promise.all(answers)).length, 20);
});

test('what good times do not spend is saved only up to a bound: bad times cannot spend a whole good day', async () => {
  const { begun, task } = tries();
  const patient = hedged(task, { afterMs: 100, percent: 10, mostSaved: 3 });
  const day = Array.from({ length: 1000 }, (_, input) => patient(input));
  for (const { resolve } of begun) resolve('soup');
  await Promise.all(day);
  const evening = Array.from({ length: 100 }, (_, input) => patient(input));
  await pass(100);
  assert.equal(begun.length, 1000 + 100 + 3);
  for (const { resolve } of begun) resolve('soup');
  await Promise.all(evening);
});

test("the caller's signal ends both tries with its own reason, and no try follows", async () => {
  for (const waitMs of [50, 150]) {
    const { begun, task } = tries();
    const leaving = new AbortController();
    const answer = hedged(task, options)(1, leaving.signal);
    await pass(waitMs);
    const reason = new Error('the guest has left');
    leaving.abort(reason);
    await assert.rejects(answer, (error) => error === reason);
    assert.ok(begun.every(({ signal }) => signal.aborted));
    await pass(1000);
    assert.equal(begun.length, waitMs < 100 ? 1 : 2);
  }
});

test('a task that throws at once is a failure like any other', async () => {
  const broken = hedged((): string => {
    throw new Error('not a promise');
  }, options);
  await assert.rejects(broken(1), { message: 'not a promise' });
});

test('a second try that throws at once does not end the first', async () => {
  const first = Promise.withResolvers<string>();
  let begun = 0;
  const answer = hedged((): Promise<string> => {
    begun++;
    if (begun > 1) throw new Error('no connection left');
    return first.promise;
  }, options)(1);
  await pass(100);
  first.resolve('soup');
  assert.equal(await answer, 'soup');
  assert.equal(begun, 2);
});

test('when it has its answer, no timer stays behind that would keep the process alive', async () => {
  mock.timers.reset();
  syncBuiltinESMExports();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await hedged(() => Promise.resolve('soup'), { afterMs: 600_000, percent: 100 })(1);
  assert.equal(timers(), before);
});
