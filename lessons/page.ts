// What `npm run lesson NAME` prints around a lesson's output: the idea before it, and after it what to notice, the
// verdict and the question. Pure functions from data to lines of at most 80 columns. And the list for README.md.
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
  verdict: Verdict,
  { paint, neighbours }: { readonly paint: Paint; readonly neighbours: readonly string[] },
): string[] {
  return [
    '',
    // What there is to notice is in the output of a lesson whose claim holds, and perhaps in no other.
    ...(verdict.outcome === 'holds' ? spaced(parts.notice) : []),
    ...verdictLines(verdict, paint),
    '',
    ...question(lesson, parts),
    '',
    ...neighbours.map((line) => paint('dim', line)),
  ];
}

/** The sign of each verdict, in its colour. */
export const MARKS = { holds: ['green', '✓'], differs: ['red', '✗'], undecided: ['yellow', '?'] } as const;

function verdictLines({ outcome, because }: Verdict, paint: Paint): string[] {
  const [colour, sign] = MARKS[outcome];
  const sentence = outcome === 'holds' ? 'The claim holds.' : because;
  return wrapped(`${sign} ${sentence}`, WIDTH, '  ').map((line) => paint(colour, line));
}

/** The question, the line to change with its file, where help is, and what there is to mend. */
function question(lesson: Lesson, parts: Parts): string[] {
  const [asked = '', change = ''] = parts.question.split(/ (?=Change `)/);
  return [
    ...wrapped(`Question: ${asked}`, WIDTH),
    ...wrapped(`${change.replace(/\.$/, '')} of lessons/${fileOf(lesson)}.`, WIDTH),
    `For a hint: npm run lesson ${lesson.name} -- --hint`,
    ...(lesson.practice === undefined
      ? []
      : [`A broken one to mend: npm run practice -- ${lesson.practice}`]),
  ];
}

/** Paragraphs with a blank line after each, and items of a list with none between them. */
function spaced(texts: readonly string[]): string[] {
  const isItem = (text: string | undefined) => /^\d\. /.test(text ?? '');
  return texts.flatMap((text, index) => {
    const lines = wrapped(text, WIDTH, isItem(text) ? '   ' : '');
    return isItem(text) && isItem(texts[index + 1]) ? lines : [...lines, ''];
  });
}

/** The course as README.md lists it. */
export const listInMarkdown = (lessons: readonly Lesson[]): string =>
  lessons
    .map((lesson) => {
      const { order, title, name, article, measured, practice } = lesson;
      const toMend = practice === undefined ? '' : ` · to mend: \`npm run practice -- ${practice}\``;
      return `## ${order}. [${title}](${fileOf(lesson)})

${lesson.claim}

\`npm run lesson ${name}\` · article: ${article}${measured ? ' · measured' : ''}${toMend}`;
    })
    .join('\n\n');
