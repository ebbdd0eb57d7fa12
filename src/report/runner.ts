// What the number of a span's thread counts: the threads of its process, or the worker processes of a queue.
import type { Row } from '../measure/comparison.ts';

export type Runner = 'thread' | 'worker';

export const runnerOf = ({ queue }: Pick<Row, 'queue'>): Runner => (queue ? 'worker' : 'thread');
