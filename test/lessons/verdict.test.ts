// What a lesson that measures says about its claim: on a quiet machine what its figures show, on a busy one nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../processes.ts';

const BUSY_LINE = /\n\nThe machine was busy: [^]*\b63 %\s[^]*\.\n$/;
const cpuBound = (machine: 'busy' | 'quiet', made: string) =>
  run('test/lessons/busy-machine.ts', ['cpu-bound', machine, made]);

test('figures that agree with the claim: it holds, with exit code 0', async () => {
  const { code, stdout, stderr } = await cpuBound('quiet', 'textbook');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.doesNotMatch(stdout, /busy/);
});

test('figures that contradict the claim: it does not hold, and the sentence names them', async () => {
  const { code, stderr } = await cpuBound('quiet', 'the pool gains');
  assert.equal(code, 1);
  assert.equal(stderr, 'The claim does not hold: bounded-pool gains nothing, here: 1.77× as fast.\n');
});

test('on a busy machine neither agreement nor contradiction is a verdict: exit code 3, and the table says why', async () => {
  for (const made of ['textbook', 'the pool gains']) {
    const { code, stdout, stderr } = await cpuBound('busy', made);
    assert.equal(code, 3, made);
    assert.match(stdout, BUSY_LINE);
    assert.match(stderr, /^Undecided on a busy machine: [^\n]+\n$/);
  }
});

test('a count that contradicts the claim is a verdict on every machine', async () => {
  for (const machine of ['quiet', 'busy'] as const) {
    const { code, stderr } = await cpuBound(machine, 'the pool computes two at once');
    assert.equal(code, 1, machine);
    assert.equal(
      stderr,
      'The claim does not hold: orders that bounded-pool computes at once. Expected 1, got 2.\n',
    );
  }
});

test('a lesson that breaks down says what broke, and nothing of its claim', async () => {
  for (const machine of ['quiet', 'busy'] as const) {
    const { code, stderr } = await cpuBound(machine, 'breakdown');
    assert.equal(code, 1, machine);
    assert.match(stderr, /the trial was lost/);
    assert.doesNotMatch(stderr, /claim/i);
  }
});

test('where the system does not tell a figure, a sentence says which, and the claim is undecided: exit code 3', async () => {
  const { code, stderr } = await run('test/lessons/busy-machine.ts', ['memory', 'quiet', 'memory unknown']);
  assert.equal(stderr, 'Undecided: this system does not tell how much memory a process takes.\n');
  assert.equal(code, 3);
});

test('a lesson of virtual time decides on every machine; in real time a busy one cannot contradict its claim', async () => {
  const codeOf = async (...args: string[]) => (await run('test/lessons/real-time-probe.ts', args)).code;
  assert.equal(await codeOf('busy', 'differs'), 1, 'on virtual time');
  assert.equal(await codeOf('quiet', 'differs', '--real-time'), 1, 'on a quiet machine');
  const held = await run('test/lessons/real-time-probe.ts', ['busy', 'holds', '--real-time']);
  assert.deepEqual(held, { code: 0, stdout: '', stderr: '' }, 'the claim holds all the same');

  const { code, stdout, stderr } = await run('test/lessons/real-time-probe.ts', [
    'busy',
    'differs',
    '--real-time',
  ]);
  assert.equal(code, 3);
  assert.match(stdout, /^\n?The machine was busy: [^]*\b63 %/);
  assert.match(stderr, /^Undecided on a busy machine: [^\n]+\n$/);
});
