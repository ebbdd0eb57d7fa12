// Whoever stops waiting should say so. An AbortSignal is handed down from caller to request, and reaches the kitchen;
// whoever only stops listening leaves the work running.
//
// Claim: a race against a timer answers after a second but ends nothing: the API cooks on for its full five. With
// AbortSignal.timeout the API sees the guest leave after that same second.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { Counters } from '../src/api/counters.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { Session } from '../src/api/session.ts';
import { Timeline } from './picture.ts';
import { play } from './stage.ts';

const PATIENCE_MS = 1000;
const COOKING_MS = 5000;

type Limited = (work: (signal?: AbortSignal) => Promise<unknown>) => Promise<unknown>;

const race: Limited = (work) =>
  Promise.race([work(), wait(PATIENCE_MS).then(() => Promise.reject(new Error('too late')))]);

// Node has this built in. AbortSignal.any([caller, AbortSignal.timeout(…)]) joins it with a signal one was given.
const deadline: Limited = (work) => work(AbortSignal.timeout(PATIENCE_MS));

export async function run({ limited = deadline } = {}): Promise<void> {
  for (const way of [race, limited]) {
    const counters = new Counters();
    using _ = intercept({ conditions: { latencyMs: COOKING_MS, jitterMs: 0, seed: 1 }, counters });
    await using session = new Session({ origin: ORIGIN, connections: 1 });
    const timeline = new Timeline();
    const request = (signal?: AbortSignal) =>
      timeline.during('kitchen', () => session.getJson('/orders/1', signal));

    const answer = timeline.during('guest', () => way(request));
    const outcome = await answer.then(
      () => 'served',
      (error: Error) => error.message,
    );
    // The guest has gone. What the kitchen does now, it does for nobody.
    const { inFlight, aborted } = counters.read();
    await wait(COOKING_MS);
    const { completed } = counters.read();
    console.log(`${way === race ? 'Promise.race' : 'AbortSignal.timeout'}: "${outcome}"`);
    console.log(timeline.rows(COOKING_MS / 1000));
    console.log(`still cooking: ${inFlight}, told to stop: ${aborted}, cooked for nobody: ${completed}\n`);

    const expected = way === race ? [1, 0, 1] : [0, 1, 0];
    assert.deepEqual(
      [inFlight, aborted, completed],
      expected,
      'a race ends nothing, a signal ends the request',
    );
  }
}

if (import.meta.main) await play(run);

// Output:
//
// Promise.race: "too late"
// guest    ━━━━━━━                               0.0 – 1.0 s
// kitchen  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 – 5.0 s
// still cooking: 1, told to stop: 0, cooked for nobody: 1
//
// AbortSignal.timeout: "The operation was aborted due to timeout"
// guest    ━━━━━━━                               0.0 – 1.0 s
// kitchen  ━━━━━━━                               0.0 – 1.0 s
// still cooking: 0, told to stop: 1, cooked for nobody: 0
//
//
// Notice that both guests waited one second. Only the second told the kitchen.
//
// Question: AbortSignal.timeout helps only if the signal is handed on. What happens without it?
// Change `session.getJson('/orders/1', signal)` in line 33.
