// npm run lesson:refresh writes what is generated in the lessons: the transcript of each, and the line that its question
// names. A test compares all of it with what it should be. `-- --figures` takes new figures for the lessons that measure,
// which otherwise keep theirs as long as their words are the same.
import { readFile, writeFile } from 'node:fs/promises';
import { runLesson } from './lesson-process.ts';
import { lessons, pathOf, type Lesson } from './manifest.ts';
import { partsOf, withLineOfQuestion, withTranscript } from './parts.ts';

/**
 * What must be the same on every run of a measured lesson: its words, and numbers without a unit. Figures with one vary,
 * so do the words that compare them, the bars drawn from them and the blanks that align them.
 */
export function masked(output: string): string {
  return output
    .replaceAll(/\d[\d,.]*( ?(?:ns|µs|ms|s|[KMG]iB|%|×))(?![a-z])/g, '#')
    .replaceAll(/takes # as long|(?:# )?as fast/g, '# as fast')
    .replaceAll(/^(#\d+) +[·█×A-Za-z]+$/gm, '$1')
    .replaceAll(/[█▉▊▋▌▍▎▏]+/g, '')
    .replaceAll(/ +/g, ' ');
}

/** A lesson prints the line under its table only on a busy machine: it is no part of what the lesson shows. */
export const withoutBusyLine = (output: string): string =>
  output.replace(/\n\nThe machine was busy: [^]*$/, '\n');

/** Runs a lesson and brings its file up to date. @returns what the reader of the refresh must know, if anything */
async function refresh(lesson: Lesson, takeFigures: boolean): Promise<string | undefined> {
  const source = await readFile(pathOf(lesson), 'utf8');
  const { stdout, verdict, ending } = await runLesson(lesson);
  if (!verdict) return `${lesson.name} broke down (${ending}): its transcript stays as it was`;
  const output = withoutBusyLine(stdout);
  // A measured lesson keeps the figures it has: new ones with each refresh would be noise in every review.
  const isSame = masked(output) === masked(partsOf(source).transcript);
  const keeps = lesson.measured && isSame && !takeFigures;
  const wanted = withLineOfQuestion(keeps ? source : withTranscript(source, output));
  if (wanted !== source) await writeFile(pathOf(lesson), wanted);
  if (keeps || verdict.outcome === 'holds') return undefined;
  return `${lesson.name}: ${verdict.because}`;
}

if (import.meta.main) {
  const takeFigures = process.argv.includes('--figures');
  for (const lesson of lessons) {
    const notice = await refresh(lesson, takeFigures);
    if (notice !== undefined) console.error(notice);
  }
}
