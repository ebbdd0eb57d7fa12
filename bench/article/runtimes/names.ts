// The names of the table of runtimes and of its rows. A row's name begins with the client, and then says what the client does.
export const TITLE = 'Runtimes';

/** The most requests that the bounded pool has in flight. */
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

/** The figures by which rows are compared. */
export const TIME = 'msPerInput';
export const CPU = 'cpuMsPerInput';
