// The lines of code that do what a run advises, with one of our approach files. They can be pasted: `inputs` and `task` are
// the reader's own.
import { batchSizeFor } from '../approaches/worker-threads.ts';
import type { ApproachName } from '../running/registry.ts';

/** People take a queue because it keeps jobs, and not for its speed. So no advice from a run names one. */
export type AdvisedName = Exclude<ApproachName, 'job-queue'>;

/** How much at once, and what decides the size of a message to a thread. */
export interface AdvisedSize {
  readonly concurrency: number;
  readonly threads: number;
  readonly pace?: number | undefined;
  readonly most?: number | undefined;
  /** What a task takes, in milliseconds, and how many there are. */
  readonly costMs: number;
  readonly tasks: number;
}

/** The function that an approach file exports, and what it is called with beside inputs and task. */
interface Call {
  readonly name: string;
  readonly options?: (size: AdvisedSize) => string;
}

const CALLS: Readonly<Record<Exclude<AdvisedName, 'worker-threads'>, Call>> = {
  blocking: { name: 'blocking' },
  sequential: { name: 'sequential' },
  'promise-all': { name: 'promiseAll' },
  'bounded-pool': { name: 'boundedPool', options: ({ concurrency }) => `concurrency: ${concurrency}` },
  'stream-map': { name: 'streamMap', options: ({ concurrency }) => `concurrency: ${concurrency}` },
  paced: {
    name: 'paced',
    options: ({ pace, concurrency }) => `perSecond: ${pace}, concurrency: ${concurrency}`,
  },
  adaptive: { name: 'adaptive', options: ({ most }) => `most: ${most}` },
};

/** The size of a message to a thread. */
export const batchOf = ({ costMs, tasks, threads }: AdvisedSize): number =>
  batchSizeFor({ costMs, count: tasks, threads });

const importLine = (name: string, approach: AdvisedName): string =>
  `import { ${name} } from './${approach}.ts'; // a copy of src/approaches/${approach}.ts`;

/** The lines for `approach`; `file` is the reader's module. */
export function codeFor(approach: AdvisedName, size: AdvisedSize, file: string): string[] {
  if (approach === 'worker-threads') return threadCode(size, file);
  const { name, options } = CALLS[approach];
  const given = options === undefined ? '' : `, { ${options(size)} }`;
  const call = `${name}(inputs, task${given})`;
  return [importLine(name, approach), `const results = ${approach === 'blocking' ? '' : 'await '}${call};`];
}

function threadCode(size: AdvisedSize, file: string): string[] {
  const { threads } = size;
  return [
    `// In ${file}: the default export takes a batch of inputs, for instance`,
    '//   export default (batch) => Promise.all(batch.map((input) => task(input)));',
    "import { Piscina } from 'piscina';",
    importLine('workerThreads', 'worker-threads'),
    `const filename = new URL('./${file}', import.meta.url).href;`,
    `const pool = new Piscina({ filename, minThreads: ${threads}, maxThreads: ${threads}, idleTimeout: Infinity });`,
    `const results = await workerThreads(inputs, pool, { batchSize: ${batchOf(size)} });`,
    'await pool.destroy();',
  ];
}
