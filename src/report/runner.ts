// A span has the number of its thread. For a queue it is the number of the worker process.
import type { Row } from '../measure/comparison.ts';

export type Runner = 'thread' | 'worker';

export const runnerOf = ({ queue }: Pick<Row, 'queue'>): Runner => (queue ? 'worker' : 'thread');
