// What a lesson that measures says about its claim: on a quiet machine what its figures show, on a busy one nothing. Each way
// to end is shown once by a process, with its exit code. What leads to which of them is asked of the function that judges.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lessons } from '../../lessons/manifest.ts';
import { together, type Verdict } from '../../lessons/verdict.ts';
import { run, type Ending } from '../processes.ts';
import { FIGURES } from './made-up-figures.ts';
import { played, runOf, type Played } from './played.ts';

type Machine = 'busy' | 'quiet';
type Figures = keyof typeof FIGURES;

const BUSY_LINE = /\n\nThe machine was busy: [^]*\b63 %\s[^]*\.\n$/;
const UNDECIDED = 'Undecided on a busy machine: run the lesson again when nothing else is running.';

/** By a process, as the lesson's own file does it. */
const ended = (name: string, machine: Machine, figures: Figures): Promise<Ending> =>
  run('test/lessons/busy-machine.ts', [name, machine, figures]);

/** By the function that judges. */
async function judgedOn(name: string, machine: Machine, figures: Figures): Promise<Played> {
  const lesson = lessons.find((each) => each.name === name)!;
  const runLesson = await runOf(lesson);
  return played(lesson, machine, () => runLesson({ measure: FIGURES[figures] }));
}

const HOLDS: Verdict = { outcome: 'holds', because: '' };
const differs = (because: string): Verdict => ({
  outcome: 'differs',
  because: `The claim does not hold: ${because}`,
});

test('figures that agree with the claim: it holds, with exit code 0', async () => {
  const { code, stdout, stderr } = await ended('cpu-bound', 'quiet', 'textbook');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.doesNotMatch(stdout, /busy/);
  // The function that judges sees what the process shows.
  assert.deepEqual(await judgedOn('cpu-bound', 'quiet', 'textbook'), {
    verdict: HOLDS,
    printed: stdout,
    timersLeft: 0,
  });
});

test('figures that contradict the claim: it does not hold, with exit code 1, and the sentence names them', async () => {
  const { code, stderr } = await ended('cpu-bound', 'quiet', 'the pool gains');
  assert.equal(code, 1);
  assert.equal(stderr, 'The claim does not hold: bounded-pool gains nothing, here: 1.77× as fast.\n');
});

test('on a busy machine neither agreement nor contradiction is a verdict: exit code 3, and the table says why', async () => {
  const { code, stdout, stderr } = await ended('cpu-bound', 'busy', 'textbook');
  assert.equal(code, 3);
  assert.match(stdout, BUSY_LINE);
  assert.equal(stderr, `${UNDECIDED}\n`);
  const { verdict, printed } = await judgedOn('cpu-bound', 'busy', 'the pool gains');
  assert.deepEqual(verdict, { outcome: 'undecided', because: UNDECIDED });
  assert.match(printed, BUSY_LINE);
});

test('a count that contradicts the claim is a verdict on every machine', async () => {
  for (const machine of ['quiet', 'busy'] as const) {
    const { verdict } = await judgedOn('cpu-bound', machine, 'the pool computes two at once');
    const because = 'orders that bounded-pool computes at once. Expected 1, got 2.';
    assert.deepEqual(verdict, differs(because), machine);
  }
});

test('a lesson that breaks down says what broke, and nothing of its claim: exit code 1', async () => {
  const { code, stderr } = await ended('cpu-bound', 'busy', 'breakdown');
  assert.equal(code, 1);
  assert.match(stderr, /the trial was lost/);
  assert.doesNotMatch(stderr, /claim/i);
  await assert.rejects(judgedOn('cpu-bound', 'quiet', 'breakdown'), { message: 'the trial was lost' });
});

test('where the system does not tell a figure, a sentence says which, and the claim is undecided', async () => {
  const { verdict } = await judgedOn('memory', 'quiet', 'memory unknown');
  const because = 'Undecided: this system does not tell how much memory a process takes.';
  assert.deepEqual(verdict, { outcome: 'undecided', because });
});

test('a lesson of virtual time decides on every machine; in real time a busy one cannot contradict its claim', async () => {
  const verdictsOf = async (...args: string[]) =>
    JSON.parse((await run('test/lessons/real-time-probe.ts', args)).stdout) as Record<string, string>;
  const onVirtualTime = {
    'busy, holds': 'holds',
    'busy, differs': 'differs',
    'quiet, holds': 'holds',
    'quiet, differs': 'differs',
  };
  assert.deepEqual(await verdictsOf(), onVirtualTime);
  assert.deepEqual(await verdictsOf('--real-time'), {
    ...onVirtualTime,
    'busy, differs': 'undecided, with a warning',
  });

  const { code, stdout, stderr } = await run('test/lessons/real-time-probe.ts', [
    'busy',
    'differs',
    '--real-time',
  ]);
  assert.equal(code, 3);
  assert.match(stdout, /^\n?The machine was busy: [^]*\b63 %/);
  assert.match(stderr, /^Undecided on a busy machine: [^\n]+\n$/);
});

test('of several lessons the worst outcome counts, and one without a verdict is as bad as a false claim', () => {
  assert.equal(together(['holds', 'holds']), 'holds');
  assert.equal(together(['holds', 'undecided', 'holds']), 'undecided');
  assert.equal(together(['holds', 'differs']), 'differs');
  assert.equal(together(['holds', undefined]), 'differs');
  assert.equal(together(['differs', 'undecided']), 'differs');
  assert.equal(together(['undecided', undefined]), 'differs');
});
