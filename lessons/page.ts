// What `npm run lesson NAME` prints around a lesson's output: the idea before it, and after it what to notice, the
// verdict and the question. Pure functions from data to lines of at most 80 columns.
import { WIDTH, wrapped, type Paint } from '../src/report/paint.ts';
import { fileOf, type Lesson } from './manifest.ts';
import type { Parts } from './parts.ts';
import type { Difference } from './prediction.ts';
import type { Verdict } from './verdict.ts';

/** The title and the idea. */
export function opening({ order, title }: Lesson, { idea }: Parts, paint: Paint): string[] {
  return [paint('bold', `Lesson ${order}: ${title}`), '', ...spaced(idea)];
}

/** What the run is about to prove. */
export const claim = (parts: Parts): string[] => wrapped(`Claim: ${parts.claim}`, WIDTH);

/** What the reader predicted, beside what happened. */
export function prediction({ isRight, lines }: Difference, paint: Paint): string[] {
  const [first = '', ...rest] = lines.flatMap((line) => wrapped(line, WIDTH - 2));
  const mark = isRight ? paint('green', '✓') : paint('yellow', '→');
  return [`${mark} ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** What stands below the output. */
export function closing(
  lesson: Lesson,
  parts: Parts,
  { outcome }: Verdict,
  { paint, neighbours }: { readonly paint: Paint; readonly neighbours: readonly string[] },
): string[] {
  const [colour, sentence] = VERDICT_LINES[outcome];
  return [
    '',
    // What there is to notice is in the output of a lesson whose claim holds, and perhaps in no other.
    ...(outcome === 'holds' ? spaced(parts.notice) : []),
    paint(colour, sentence),
    '',
    ...question(lesson, parts),
    '',
    ...neighbours.map((line) => paint('dim', line)),
  ];
}

const VERDICT_LINES = {
  holds: ['green', '✓ The claim holds.'],
  differs: ['red', '✗ The claim does not hold in this run; the reason stands above.'],
  undecided: ['yellow', '? This run decides nothing: the machine was busy.'],
} as const;

/** The question, with the file to change in its last sentence, and where help is. */
function question(lesson: Lesson, parts: Parts): string[] {
  return [
    ...wrapped(`Question: ${parts.question.replace(/\.$/, '')} of lessons/${fileOf(lesson)}.`, WIDTH),
    `For a hint: npm run lesson ${lesson.name} -- --hint`,
  ];
}

const spaced = (texts: readonly string[]): string[] => texts.flatMap((text) => [...wrapped(text, WIDTH), '']);
