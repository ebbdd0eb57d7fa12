// What a suite's settings mean to a reader. Their names in JSON are short; these are the words that people see.
import type { Setting } from './suite.ts';

/** Each setting of any suite, by its name in JSON. The words read well before a colon and a value. */
export const SETTING_WORDS: Readonly<Record<string, string>> = {
  size: 'size of the run',
  repeats: 'turns of each case',
  computingRepeats: 'turns of each case that computes',
  fastRepeats: 'turns of each short case',
  requests: 'requests',
  requestsPerLane: 'requests for each one in flight',
  all: 'requests of promise-all, all in flight at once',
  atLeast: 'requests of a case, at least',
  warmup: 'requests of a case before its clock starts',
  concurrency: 'concurrency',
  latencyMs: 'latency of the API in ms',
  latenciesMs: 'latencies of the API in ms',
  seed: 'seed',
  threads: 'threads',
  mostThreads: 'threads, at most',
  python: 'the Python that was named',
  pythonRounds: 'turns of the loop of a task in Python',
  nodeThreads: 'threads of Node',
  idleThreads: 'threads that wait',
  startedThreads: 'threads that are started',
  pending: 'requests that wait',
  tasks: 'tasks',
  lazyTasks: 'tasks with lazy inputs',
  unevenTasks: 'tasks of uneven length',
  rateTasks: 'requests at a rate limit',
  jobs: 'empty jobs',
  unevenJobs: 'jobs of uneven length',
  workers: 'worker processes',
  unboundedRequests: 'requests without a limit',
  throughputRequests: 'requests to each kind of server',
  costMs: 'work of one task in ms',
  costsMs: 'work of one task in ms',
  mostSamples: 'samples of a turn, at most',
  samples: 'samples of a turn',
  paysSamples: 'samples of a turn, main thread against threads',
  paysMs: 'work of such a sample in ms',
  handovers: 'messages there and back',
  roundTrips: 'empty tasks',
  fileReads: 'reads of the file',
  fileBytes: 'size of the file in bytes',
  handlers: 'handlers that sleep',
  sleepMs: 'their sleep in ms',
  runtimes: 'runtimes beside Node',
  runtimeRequests: 'requests in each runtime',
  runtimeTasks: 'tasks in each runtime',
  bound: 'most in flight of the bounded pool',
};

/** A setting in words; by its name in JSON if this version does not know it. */
export const settingName = (name: string): string => SETTING_WORDS[name] ?? name;

/** `12, 120`; a setting that a run does not have is `none`. */
export const settingText = (value: Setting | readonly Setting[] | undefined): string =>
  value === undefined ? 'none' : [value].flat().join(', ');

/** `turns of each case: 3; latency of the API in ms: 12, 120` */
export const settingsText = (settings: Readonly<Record<string, Setting | readonly Setting[]>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${settingName(name)}: ${settingText(value)}`)
    .join('; ');
