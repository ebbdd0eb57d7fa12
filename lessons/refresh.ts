// Writes what is generated: the transcript at the end of each lesson, and README.md from the manifest. The tests
// compare both with what they should be, so a change that forgets `npm run lesson:refresh` does not pass.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileOf, lessons, pathOf } from './manifest.ts';

const OPENING = '// Output:\n//\n';
const CLOSING = '//\n// Notice';

/** The transcript in a lesson's source, as the lesson printed it; undefined if there is none. */
export function transcriptIn(source: string): string | undefined {
  const [before, rest] = source.split(OPENING);
  const end = rest?.indexOf(CLOSING) ?? -1;
  if (before === undefined || rest === undefined || end < 0) return undefined;
  return rest.slice(0, end).replaceAll(/^\/\/ ?/gm, '');
}

/** The lesson's source with this transcript. */
export function withTranscript(source: string, output: string): string {
  const start = source.indexOf(OPENING) + OPENING.length;
  const end = source.indexOf(CLOSING, start);
  const lines = output.replace(/\n$/, '').split('\n');
  const comment = lines.map((line) => `// ${line}`.trimEnd() + '\n').join('');
  return source.slice(0, start) + comment + source.slice(end);
}

/**
 * What must be the same on every run of a measured lesson: its words, and numbers without a unit. Figures with one
 * vary, so do the bars drawn from them and the blanks that align them; each becomes one sign.
 */
export function masked(output: string): string {
  return output
    .replaceAll(/\d[\d,.]*( ?(?:ns|µs|ms|s|[KMG]iB|%|×))(?![a-z])/g, '#')
    .replaceAll(/^(#\d+) +[·█×A-Za-z]+$/gm, '$1 █')
    .replaceAll(/[█▉▊▋▌▍▎▏]+/g, '█')
    .replaceAll(/ +/g, ' ');
}

/** lessons/README.md */
export function readme(): string {
  const intro = `# Lessons

<!-- Written by \`npm run lesson:refresh\` from manifest.ts; edit that. -->

Read them in this order, run each with \`npm run lesson NAME\`, and answer the question at its end by changing one line.
On virtual time most are instant and exact (4 and 10 to 13 need the real clock); \`npm run lesson NAME -- --real-time\`
lets you feel the wait, \`-- --hint\` helps with the question. Section names are those of the
[article](https://yigebao.com/en/content/aid/2904) that the course follows and goes beyond.
`;
  const entries = lessons.map(
    (lesson) => `
## ${lesson.order}. [${lesson.title}](${fileOf(lesson)})

${lesson.claim}

\`npm run lesson ${lesson.name}\` · article: ${lesson.article}
`,
  );
  return intro + entries.join('');
}

if (import.meta.main) {
  for (const lesson of lessons) {
    const source = await readFile(pathOf(lesson), 'utf8');
    const { stdout } = await promisify(execFile)(process.execPath, [pathOf(lesson)]);
    // A measured lesson keeps the figures it has: new ones with each refresh would be noise in every review.
    const isSame = lesson.measured && masked(stdout) === masked(transcriptIn(source) ?? '');
    if (!isSame) await writeFile(pathOf(lesson), withTranscript(source, stdout));
  }
  await writeFile(join(import.meta.dirname, 'README.md'), readme());
}
