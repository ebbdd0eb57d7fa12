// The queue comes with a database, and takes seconds to start. Who does not ask for it must not load it: not the command
// line, and none of the processes that it starts. Reports and saved runs are a fifth of what the command line loads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../src/files/temporary-folder.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';
import { ROOT, type Ending } from './processes.ts';

interface Loaded {
  /** As their addresses. */
  readonly modules: ReadonlySet<string>;
  readonly stdout: string;
}

/** All modules that a program and the processes and threads that it starts have loaded, and what it prints. */
async function modulesOf(...args: readonly string[]): Promise<Loaded> {
  await using folder = await temporaryFolder();
  const list = join(folder.path, 'modules');
  const watch = pathToFileURL(join(ROOT, 'test/children/note-modules.ts')).href;
  const env = { ...trialEnvironment(), NODE_OPTIONS: `--import ${watch}`, MODULES_LOADED: list };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  assert.equal(code, 0, args.join(' '));
  return { modules: new Set((await readFile(list, 'utf8')).trim().split('\n')), stdout };
}

const OF_THE_QUEUE = /\/node_modules\/(pg|pg-boss|pg-pool|@electric-sql)\/|\/src\/queue\/|\/job-queue\.ts$/;

const ofTheQueue = (modules: ReadonlySet<string>): string[] =>
  [...modules].filter((address) => OF_THE_QUEUE.test(address));

/** What draws reports, and what checks and reads a saved run. */
const OF_REPORTS = /\/src\/report\/html\/|\/node_modules\/(valibot|@streamparser)\//;

const ofReports = (modules: ReadonlySet<string>): string[] =>
  [...modules].filter((address) => OF_REPORTS.test(address));

const has = (modules: ReadonlySet<string>, name: string) =>
  [...modules].some((address) => address.endsWith(name));

// One approach stands for all: every trial loads the registry with all of them, and the thread of this one loads what the threads
// of a pool load. test/commands/compare.test.ts proves that the queue takes part only where it is asked for.
test('a run loads nothing of the queue or of reports, in none of its processes and threads', async () => {
  const small = ['--requests', '2', '--latency', '1', '--repeats', '1'];
  const { modules } = await modulesOf('src/cli.ts', 'fetch-order', ...small, '--approach', 'blocking');
  for (const name of [
    'src/program.ts',
    'src/measure/trial-process.ts',
    'src/running/registry.ts',
    'src/running/synchronously-helper.ts',
    'src/running/worker.ts',
    'src/api/serve-process.ts',
  ]) {
    assert.ok(has(modules, name), `${name} was not noticed`);
  }
  assert.deepEqual(ofTheQueue(modules), []);
  assert.deepEqual(ofReports(modules), []);
});

test('nothing of the queue is loaded by the other jobs, nor by the helps, nor by what every test file loads first', async () => {
  // All in one process: what none of them loads is not in what they load together.
  const files = ['test/setup.ts', 'src/jobs/price-order.ts', 'src/jobs/save-order.ts'];
  const lines = [['--help'], ['compare', '--help'], ['save', '--help']];
  const told = JSON.stringify({ file: join(ROOT, 'src/program.ts'), lines });
  const imports = files.flatMap((file) => ['--import', `./${file}`]);
  const { modules, stdout } = await modulesOf(...imports, 'test/many-lines.ts', told);
  const helps = (JSON.parse(stdout) as Ending[]).map(
    (ending) => /^Usage: npm start -- ?(\w*)/.exec(ending.stdout)?.[1],
  );
  assert.deepEqual(helps, ['', 'compare', 'save']);
  for (const name of [...files, 'src/commands/options.ts']) {
    assert.ok(has(modules, name), `${name} was not noticed`);
  }
  assert.deepEqual(ofTheQueue(modules), []);
});

test('what runs own work loads what checks a file only where its inputs come from one', async () => {
  const { modules } = await modulesOf('--import', './src/running/own-run.ts', '--eval', '0');
  assert.ok(has(modules, 'src/jobs/open-own.ts'));
  assert.deepEqual([...ofTheQueue(modules), ...ofReports(modules)], []);
});
