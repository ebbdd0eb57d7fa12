// The contract of a module of the reader's. A module that breaks it gets a line for its author. What ends its process or
// hangs is in test/own/odd-modules.test.ts: it needs a process of its own.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { drawFor, openOwnTask, type DrawnInputs } from '../../src/jobs/open-own.ts';
import { folder, ownJobAt } from '../own/modules.ts';

const INPUTS = 'export const inputs = [1, 2, 3];';

interface Odd {
  readonly does: string;
  readonly source: string;
  readonly says: RegExp;
  readonly name?: string;
}

const BROKEN: readonly Odd[] = [
  { does: 'is no JavaScript', source: 'export const task = (', says: /^could not be loaded: SyntaxError: / },
  {
    does: 'needs more than types taken away',
    name: 'odd.ts',
    source: 'enum A { B } export const task = () => A.B;',
    says: /^could not be loaded: SyntaxError: TypeScript enum is not supported/,
  },
  {
    does: 'throws at import',
    source: "throw new TypeError('no database');",
    says: /^could not be loaded: TypeError: no database$/,
  },
  {
    does: 'throws something else than an error',
    source: 'throw 7;',
    says: /^could not be loaded: threw 7$/,
  },
  {
    does: 'has no task',
    source: `${INPUTS} export const task = 42;`,
    says: /^exports no task: expected a function as default or as "task", got 42$/,
  },
  {
    does: 'has no inputs',
    source: 'export const task = () => 1;',
    says: /^has no inputs: export "inputs", or give --inputs FILE$/,
  },
  {
    does: 'has inputs that end at once',
    source: 'export const inputs = []; export const task = () => 1;',
    says: /^inputs: expected at least one, got none$/,
  },
  {
    does: 'has a text for inputs',
    source: "export const inputs = 'abc'; export const task = () => 1;",
    says: /^inputs: expected an array, an iterable or a generator, got 'abc'$/,
  },
  {
    does: 'has inputs that fail half-way',
    source: "export function* inputs() { yield 1; throw new Error('broken'); } export const task = () => 1;",
    says: /^inputs, after the first 1: Error: broken$/,
  },
  {
    does: 'cannot be set up',
    source: `${INPUTS} export const task = () => 1; export const setUp = () => { throw new Error('no database'); };`,
    says: /^setUp: Error: no database$/,
  },
  {
    does: 'has something else than a function for setUp',
    source: `${INPUTS} export const task = () => 1; export const setUp = 7;`,
    says: /^setUp: expected a function, got 7$/,
  },
];

/** Draws the inputs of the module `source`, and calls its task with each of them. */
async function outputsOf(source: string, name = 'odd.mjs'): Promise<DrawnInputs & { outputs: unknown[] }> {
  await using made = await folder();
  await made.write(name, source);
  const job = ownJobAt(join(made.path, name));
  const drawn = await drawFor(job);
  await using opened = await openOwnTask(job, () => assert.fail('its task hangs'));
  const outputs = await Promise.all(drawn.inputs.map(async (input) => opened.task(input)));
  return { ...drawn, outputs };
}

for (const { does, source, says, name } of BROKEN) {
  test(`a module that ${does} has its line`, async () => {
    await assert.rejects(outputsOf(source, name), { name: 'OwnWorkError', message: says });
  });
}

test('a module of CommonJS just works', async () => {
  const source = 'module.exports = { inputs: [1, 2, 3], task: (id) => 2 * id };';
  assert.deepEqual((await outputsOf(source, 'odd.js')).outputs, [2, 4, 6]);
});

test('of inputs without an end as many are drawn as were asked for, and nobody knows how many there are', async () => {
  const source =
    'export function* inputs() { for (let id = 1; ; id++) yield id; } export const task = (id) => id;';
  const { inputs, inAll } = await outputsOf(source);
  assert.deepEqual([inputs.length, inputs.at(-1), inAll], [20, 20, undefined]);
});

test('inputs come from a file, one a line or as the items of an array', async () => {
  await using made = await folder();
  await made.write('asks.mjs', 'export const task = (id) => id;');
  await made.write('ids.txt', 'a\r\nb\r\n');
  await made.write('ids.json', '["c", "d", "e"]');
  await made.write('wrong.json', '{"c": 1}');
  const inputsIn = async (file: string) => {
    const inputsPath = join(made.path, file);
    return (await drawFor({ ...ownJobAt(join(made.path, 'asks.mjs')), inputsPath })).inputs;
  };
  assert.deepEqual(await inputsIn('ids.txt'), ['a', 'b']);
  assert.deepEqual(await inputsIn('ids.json'), ['c', 'd', 'e']);
  await assert.rejects(inputsIn('wrong.json'), {
    name: 'OwnWorkError',
    message: '--inputs: expected a JSON array, got { c: 1 }',
  });
});
