// What the table of runtimes and its rows are called. A row's name begins with the client, and then says what that does.
export const TITLE = 'Runtimes';

/** Requests in flight of the bounded pool. */
export const CONCURRENCY = 50;

export const WAYS = {
  oneByOne: 'sequential',
  pool: `bounded-pool, C = ${CONCURRENCY}`,
  all: 'promise-all',
  computing: 'computing, sequential',
  computingAll: 'computing, promise-all',
  computingInThreads: 'computing, Workers',
} as const;

export type Way = keyof typeof WAYS;

export const rowName = (client: string, way: Way): string => `${client}: ${WAYS[way]}`;

/** The figure that times are compared by. */
export const TIME = 'msPerInput';
export const CPU = 'cpuMsPerInput';
