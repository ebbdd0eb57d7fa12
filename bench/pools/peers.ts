// Our bounded-pool and packages for the same work. Each is called as its documentation says, and all have one signature
// here. A package is loaded when it is needed: the process of a case has only the peer that it measures.

export interface Options {
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/** Results in the order of the inputs, from at most `concurrency` tasks at once. */
export type Run = <Input, Output>(
  inputs: Iterable<Input>,
  task: (input: Input) => Promise<Output>,
  options: Options,
) => Promise<Output[]>;

export interface Peer {
  /** The package it comes from; undefined for our own pool and for what is part of the language. */
  readonly package?: string;
  /** Whether a caller can hand it an AbortSignal. */
  readonly takesSignal: boolean;
  /** Whether `concurrency` means anything to it. */
  readonly bounded: boolean;
  load(): Promise<Run>;
}

export type PeerName = keyof typeof PEERS;

const PEERS = {
  'bounded-pool': {
    takesSignal: true,
    bounded: true,
    async load(): Promise<Run> {
      const { boundedPool } = await import('../../src/approaches/bounded-pool.ts');
      return (inputs, task, options) => boundedPool(inputs, task, options);
    },
  },
  'async.mapLimit': {
    package: 'async',
    takesSignal: false,
    bounded: true,
    async load(): Promise<Run> {
      const { mapLimit } = (await import('async')).default;
      // Its types know arrays only; its documentation and its code know iterables too.
      return (inputs, task, { concurrency }) => mapLimit(inputs as never, concurrency, task as never);
    },
  },
  'p-map': {
    package: 'p-map',
    takesSignal: true,
    bounded: true,
    async load(): Promise<Run> {
      const { default: pMap } = await import('p-map');
      return (inputs, task, options) => pMap(inputs, task, options);
    },
  },
  'p-limit': {
    package: 'p-limit',
    takesSignal: false,
    bounded: true,
    async load(): Promise<Run> {
      const { default: pLimit } = await import('p-limit');
      return (inputs, task, { concurrency }) => pLimit(concurrency).map(inputs, task);
    },
  },
  'p-queue': {
    package: 'p-queue',
    takesSignal: true,
    bounded: true,
    async load(): Promise<Run> {
      const { default: PQueue } = await import('p-queue');
      return (inputs, task, { concurrency, signal }) =>
        new PQueue({ concurrency }).addAll(
          Array.from(inputs, (input) => () => task(input)),
          signal && { signal },
        );
    },
  },
  fastq: {
    package: 'fastq',
    takesSignal: false,
    bounded: true,
    async load(): Promise<Run> {
      const { promise } = (await import('fastq')).default;
      return (inputs, task, { concurrency }) => {
        const queue = promise(task as never, concurrency);
        return Promise.all(Array.from(inputs, (input) => queue.push(input)));
      };
    },
  },
  'es-toolkit': {
    package: 'es-toolkit',
    takesSignal: false,
    bounded: true,
    async load(): Promise<Run> {
      const { mapAsync } = await import('es-toolkit');
      return (inputs, task, { concurrency }) => mapAsync([...inputs], task, { concurrency });
    },
  },
  effect: {
    package: 'effect',
    takesSignal: true,
    bounded: true,
    async load(): Promise<Run> {
      const { Effect } = await import('effect');
      return (inputs, task, { concurrency, signal }) =>
        Effect.runPromise(
          Effect.forEach(
            inputs,
            (input) => Effect.tryPromise({ try: () => task(input), catch: (error) => error }),
            { concurrency },
          ),
          signal && { signal },
        );
    },
  },
  'Promise.all': {
    takesSignal: false,
    bounded: false,
    load: async (): Promise<Run> => (inputs, task) => Promise.all(Array.from(inputs, (input) => task(input))),
  },
} satisfies Readonly<Record<string, Peer>>;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];
export const BOUNDED_PEERS = PEER_NAMES.filter((name) => PEERS[name].bounded);
export const peerOf = (name: PeerName): Peer => PEERS[name];
