// The queue comes with a database, and takes seconds to start. Who does not ask for it must not load it: not the command
// line, and none of the processes that it starts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../src/files/temporary-folder.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';
import { ROOT } from './processes.ts';

/** All modules that a program and the processes and threads that it starts have loaded, as their addresses. */
async function modulesOf(...args: readonly string[]): Promise<ReadonlySet<string>> {
  await using folder = await temporaryFolder();
  const list = join(folder.path, 'modules');
  const watch = pathToFileURL(join(ROOT, 'test/children/note-modules.ts')).href;
  const env = { ...trialEnvironment(), NODE_OPTIONS: `--import ${watch}`, MODULES_LOADED: list };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0, args.join(' '));
  return new Set((await readFile(list, 'utf8')).trim().split('\n'));
}

const OF_THE_QUEUE = /\/node_modules\/(pg|pg-boss|pg-pool|@electric-sql)\/|\/src\/queue\/|\/job-queue\.ts$/;

const ofTheQueue = (modules: ReadonlySet<string>): string[] =>
  [...modules].filter((address) => OF_THE_QUEUE.test(address));

const has = (modules: ReadonlySet<string>, name: string) =>
  [...modules].some((address) => address.endsWith(name));

test('a run without options loads nothing of the queue, in none of its processes', async () => {
  const quick = ['--requests', '2', '--latency', '1', '--cost', '1', '--repeats', '1'];
  const modules = await modulesOf('src/cli.ts', ...quick);
  for (const name of [
    'src/program.ts',
    'src/measure/trial-process.ts',
    'src/running/worker.ts',
    'src/api/serve-process.ts',
  ]) {
    assert.ok(has(modules, name), `${name} was not noticed`);
  }
  assert.deepEqual(ofTheQueue(modules), []);
});

test('neither do the helps, nor what every test file loads first', async () => {
  // All in one process: what none of them loads is not in what they load together.
  const told = {
    file: join(ROOT, 'src/cli.ts'),
    lines: [['--help'], ['compare', '--help'], ['save', '--help']],
  };
  const modules = await modulesOf('--import', './test/setup.ts', 'test/many-lines.ts', JSON.stringify(told));
  for (const name of ['test/setup.ts', 'src/program.ts', 'src/commands/save.ts']) {
    assert.ok(has(modules, name), `${name} was not noticed`);
  }
  assert.deepEqual(ofTheQueue(modules), []);
});
