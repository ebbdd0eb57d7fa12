// What the practice says, as lines. Pure functions: their caller decides whether there are colours.
import { oneLine } from '../../src/printable.ts';
import type { Paint } from '../../src/report/paint.ts';
import { wrapped } from '../../src/report/paint.ts';
import type { Verdict } from './frame/verdict.ts';
import { CHAPTERS, exercises, type Exercise } from './manifest.ts';

const WIDTH = 80;
const numbered = ({ order, name }: Exercise): string => `${String(order).padStart(2)} ${name}`;
const labelWidth = Math.max(...exercises.map((exercise) => numbered(exercise).length));

export interface Progress {
  readonly isDone: (exercise: Exercise) => boolean;
  readonly doneCount: number;
  readonly next: Exercise | undefined;
}

/** `[███░░░] 3 of 6; next: npm run practice -- for-each`, with a block for each exercise. */
export function doneLine({ doneCount, next }: Progress): string {
  const total = exercises.length;
  const advice = next ? `next: npm run practice -- ${next.name}` : 'that was the last one';
  return `[${'█'.repeat(doneCount)}${'░'.repeat(total - doneCount)}] ${doneCount} of ${total}; ${advice}`;
}

/** All exercises by chapter, with a mark at what has passed. */
export function listText(progress: Progress, paint: Paint): string[] {
  const chapters = CHAPTERS.flatMap((chapter) => [
    paint('bold', chapter),
    ...exercises
      .filter((exercise) => exercise.chapter === chapter)
      .map((exercise) => {
        const mark = progress.isDone(exercise) ? paint('green', '✓') : ' ';
        return `${mark} ${numbered(exercise).padEnd(labelWidth)}  ${exercise.title}`;
      }),
  ]);
  return [
    ...chapters,
    '',
    doneLine(progress),
    paint('dim', 'npm run practice -- watch checks again at every save'),
  ];
}

export interface CheckResult {
  readonly exercise: Exercise;
  readonly verdict: Verdict;
  /** What the type checker says, one sentence each. */
  readonly typeErrors: readonly string[];
  /** Where the copy is, as the reader would type it. */
  readonly path: string;
  readonly isOutdated: boolean;
}

/** What a check said. */
export function resultText(
  { exercise, verdict, typeErrors, path, isOutdated }: CheckResult,
  paint: Paint,
): string[] {
  const title = `${numbered(exercise).trim()}: ${exercise.title}`;
  const lines = verdict.passes
    ? [paint('green', `✓ ${title}`)]
    : [
        paint('red', `✗ ${title}`),
        ...labelled('expected', verdict.expected),
        ...labelled('seen', verdict.seen),
      ];
  const types = typeErrors.slice(0, 3).flatMap((error) => labelled('types', error));
  const news = isOutdated
    ? [
        '',
        ...wrapped(
          `This exercise has changed since you copied it. npm run practice -- reset ${exercise.name} takes the new one and keeps yours beside it.`,
          WIDTH,
        ),
      ]
    : [];
  const whereTo = verdict.passes
    ? [`npm run practice -- solution ${exercise.name} shows ours`]
    : [path, `npm run practice -- hint ${exercise.name}`];
  return [...lines, ...types, ...news, '', ...whereTo.map((line) => paint('dim', line))];
}

const MARGIN = 12;

function labelled(label: string, text: string): string[] {
  // What was seen may hold a text of the program under check.
  return wrapped(`  ${label.padEnd(MARGIN - 2)}${oneLine(text)}`, WIDTH, ' '.repeat(MARGIN));
}

/** The hint of an exercise. */
export const wrappedHint = ({ hint }: Exercise): string[] => wrapped(hint, WIDTH);
