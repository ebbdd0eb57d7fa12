// The course in reading order. Numbers, neighbours, the list of `npm run lesson` and README.md all come from here.
import { join } from 'node:path';

export interface Lesson {
  readonly order: number;
  readonly name: string;
  readonly title: string;
  /** What the run proves, in one sentence. */
  readonly claim: string;
  /** The section of the article that it belongs to; "beyond" for what the article leaves out. */
  readonly article: string;
  /** For the reader who is stuck on the question at the lesson's end. */
  readonly hint: string;
}

export const lessons: readonly Lesson[] = [
  {
    order: 1,
    name: 'one-waiter',
    title: 'One waiter, many tables',
    claim: 'Dishes of 2, 1 and 3 s take 6 s one by one, and 3 s when the waiter does not stand and wait.',
    article: 'Essence',
    hint: 'One by one is the sum, together is the maximum.',
  },
  {
    order: 7,
    name: 'bounded-pool',
    title: 'A bounded pool',
    claim:
      'Never more than C in flight, N·L/C for N orders of latency L; waves take nearly twice as long on uneven work.',
    article: 'beyond',
    hint: 'Waves pay for each roast in full. The pool cooks the roasts side by side.',
  },
];

export const fileOf = ({ order, name }: Lesson): string => `${String(order).padStart(2, '0')}-${name}.ts`;
export const pathOf = (lesson: Lesson): string => join(import.meta.dirname, fileOf(lesson));
