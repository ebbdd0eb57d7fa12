// A guest who gives up waiting should tell the kitchen. In JavaScript an AbortSignal carries that
// message: the caller hands the signal to the function it calls, this one to the next, down to the
// request. When the signal aborts, the request is ended and the other side sees the connection
// close. A guest who only stops listening leaves the kitchen at work.
//
// Claim: Promise.race against a timer answers after one second and ends nothing: the API cooks on
// for all five seconds. With AbortSignal.timeout the API sees after the same second that the guest
// has left, and stops.
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

/** Runs work that may take a signal, and gives up after PATIENCE_MS. */
type TimeLimit = (work: (signal?: AbortSignal) => Promise<unknown>) => Promise<unknown>;

// The popular version. A race tells you who was first, and nothing happens to the loser.
const race: TimeLimit = (work) =>
  Promise.race([work(), wait(PATIENCE_MS).then(() => Promise.reject(new Error('too late')))]);

// The built-in version: a signal that aborts by itself. Where the caller has given you a signal
// already, join the two: AbortSignal.any([given, AbortSignal.timeout(ms)]) aborts as soon as one of
// them does.
const deadline: TimeLimit = (work) => work(AbortSignal.timeout(PATIENCE_MS));

export async function run({ limited = deadline } = {}): Promise<void> {
  for (const way of [race, limited]) {
    // Each way gets a kitchen of its own, whose counters tell what it saw.
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
    // The guest has left. If the kitchen still cooks, it does so for nobody.
    const { inFlight, aborted } = counters.read();
    await wait(COOKING_MS);
    const { completed } = counters.read();
    if (way === limited) console.log();
    console.log(`${way === race ? 'Promise.race' : 'AbortSignal.timeout'}: "${outcome}"`);
    console.log(timeline.rows(COOKING_MS / 1000));
    console.log(`when the guest left: ${inFlight} still cooking, ${aborted} told to stop`);
    console.log(`cooked to the end, for nobody: ${completed}`);

    // What the API must have seen: a race leaves one order cooking, a signal ends it.
    const isRace = way === race;
    const name = isRace ? 'a race' : 'the signal';
    assert.equal(inFlight, isRace ? 1 : 0, `requests still cooking after ${name}`);
    assert.equal(aborted, isRace ? 0 : 1, `requests that ${name} ended`);
    assert.equal(completed, isRace ? 1 : 0, `orders cooked for nobody after ${name}`);
  }
}

if (import.meta.main) await play(run);

// Output:
//
// Promise.race: "too late"
// guest    ━━━━━━━                               0.0 – 1.0 s
// kitchen  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 – 5.0 s
// when the guest left: 1 still cooking, 0 told to stop
// cooked to the end, for nobody: 1
//
// AbortSignal.timeout: "The operation was aborted due to timeout"
// guest    ━━━━━━━                               0.0 – 1.0 s
// kitchen  ━━━━━━━                               0.0 – 1.0 s
// when the guest left: 0 still cooking, 1 told to stop
// cooked to the end, for nobody: 0
//
// Notice that both guests waited one second. Only the second one told the kitchen.
//
// Question: AbortSignal.timeout helps only if the signal is handed on. What happens if it is not?
// Change `session.getJson('/orders/1', signal)` in line 41.
