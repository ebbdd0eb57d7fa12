// npm run lesson:refresh writes what is generated: the transcript of each lesson, the line that its question names, and
// README.md from the manifest. The tests compare all of it with what it should be. `-- --figures` takes new figures for
// the lessons that measure, which otherwise keep theirs as long as their words are the same.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLesson } from './lesson-process.ts';
import { fileOf, lessons, pathOf, type Lesson } from './manifest.ts';
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

/** lessons/README.md */
export function readme(): string {
  const intro = `# Lessons

<!-- Written by \`npm run lesson:refresh\` from manifest.ts; edit that. -->

Read the lessons in this order. \`npm run lesson NAME\` runs one and prints its idea, its claim, what the run showed, what to
notice in it, and a question, which you answer by changing one line of the file. After the name and \`--\`, you can say:

- \`--predict\`: first answer one question about the output, then see the output and the difference.
- \`--hint\`: a hint for the question at the end.
- \`--real-time\`: feel the wait. Without it most lessons run on virtual time (a clock that jumps to the next timer), so
  they are instant and print the same each time. Lesson 4 and the lessons that measure need the real clock.

The lessons marked "measured" measure this machine. On a machine that is busy with other programs they print their figures
but decide nothing, and end with exit code 3 (0: the claim holds, 1: it does not hold or the lesson broke down).

Section names are those of the [article](https://yigebao.com/en/content/aid/2904) that the course follows and goes beyond.
`;
  const entries = lessons.map(
    (lesson) => `
## ${lesson.order}. [${lesson.title}](${fileOf(lesson)})

${lesson.claim}

\`npm run lesson ${lesson.name}\` · article: ${lesson.article}${lesson.measured ? ' · measured' : ''}
`,
  );
  return intro + entries.join('');
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
  await writeFile(join(import.meta.dirname, 'README.md'), readme());
}
