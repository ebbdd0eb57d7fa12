// Preloaded into every process of `npm test`. What a test starts inherits the environment of the test, so it is the same
// for everyone here, whatever the shell of whoever runs the tests has set.
//
// `npm test` ends a test after half an hour. That only guards against one that hangs. No test comes near it, however busy
// the machine is: how long something takes must not decide over a test.
import { rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { inFolder, temporaryFolder } from '../src/files/temporary-folder.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';

/** Variables that change what a program of ours prints, or how it runs. A test that needs one sets it for its child. */
const OF_THE_SHELL = [
  // Colour where there is no terminal, and a warning of Node where two of them disagree.
  'FORCE_COLOR NO_COLOR NODE_DISABLE_COLORS CLICOLOR CLICOLOR_FORCE COLORTERM COLUMNS',
  // Other flags, other warnings, other lines on stderr.
  'NODE_OPTIONS NODE_DEBUG NODE_DEBUG_NATIVE NODE_NO_WARNINGS NODE_PENDING_DEPRECATION NODE_REDIRECT_WARNINGS DEBUG',
  // Other modules, another number of threads behind fs, a detour round our servers.
  'NODE_PATH NODE_DISABLE_COMPILE_CACHE UV_THREADPOOL_SIZE NODE_USE_ENV_PROXY',
  // The folder in which a command was typed, and what a lesson remembers.
  'INIT_CWD LESSON_PROGRESS',
  // A database of the reader's, in which a test has no business.
  'DATABASE_URL PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGSSLMODE PGOPTIONS PGPASSFILE',
].flatMap((names) => names.split(' '));

// The process that collects the results and shows them is the reader's own: it may be as colourful as they like.
if (!process.execArgv.includes('--test')) {
  for (const name of OF_THE_SHELL) delete process.env[name];
}
// What a test starts is quicker with a warm compile cache, as trials are.
Object.assign(process.env, trialEnvironment());

// What a test writes goes into one folder of its process. Where the process is killed, the next one removes it.
if (isMainThread && !process.execArgv.includes('--test')) {
  const { path } = await temporaryFolder();
  Object.assign(process.env, inFolder(path));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
}
