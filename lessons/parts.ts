// The parts of a lesson's file. Above the code stand the idea and the claim; below it what the lesson prints, what to
// notice in that, and a question. The file is their only place: the command line and the tests read them from here.

export interface Parts {
  /** Paragraphs, each without its line breaks. */
  readonly idea: readonly string[];
  readonly claim: string;
  /** Everything from the first line to the transcript. */
  readonly code: string;
  /** What the lesson printed when `npm run lesson:refresh` ran it. */
  readonly transcript: string;
  readonly notice: readonly string[];
  /** With the line to change, as in "Change `takes: 1` in line 15." */
  readonly question: string;
}

const OPENING = '// Output:\n//\n';
const CLOSING = '//\n// Notice';

/** @throws {Error} if a part is missing */
export function partsOf(source: string): Parts {
  const { start, end } = transcriptRange(source);
  const above = paragraphs(source.slice(0, source.search(/^(?!\/\/)/m)));
  const below = paragraphs(source.slice(end));
  const claimAt = above.findIndex((paragraph) => paragraph.startsWith('Claim: '));
  const questionAt = below.findIndex((paragraph) => paragraph.startsWith('Question: '));
  if (claimAt < 1 || questionAt < 1) throw new Error('expected an idea, a claim, a notice and a question');
  return {
    idea: above.slice(0, claimAt),
    claim: above.slice(claimAt).join(' ').replace('Claim: ', ''),
    code: source.slice(0, start - OPENING.length),
    transcript: source.slice(start, end).replaceAll(/^\/\/ ?/gm, ''),
    notice: below.slice(0, questionAt),
    question: below.slice(questionAt).join(' ').replace('Question: ', ''),
  };
}

/** The lesson's source with this transcript. @throws {Error} if it has no place for one */
export function withTranscript(source: string, output: string): string {
  const { start, end } = transcriptRange(source);
  const lines = output.replace(/\n$/, '').split('\n');
  return (
    source.slice(0, start) + lines.map((line) => `// ${line}`.trimEnd() + '\n').join('') + source.slice(end)
  );
}

const CHANGE = /Change\s+(?:\/\/ )?`([^`]+)`\s+(?:\/\/ )?in\s+(?:\/\/ )?line\s+(?:\/\/ )?(\d+)\.\n?$/;

/** The code that the question asks to change, and the line where it says that it stands. */
export function changeIn(source: string): { readonly code: string; readonly line: number } {
  const [, code, line] = CHANGE.exec(source) ?? [];
  if (!code) throw new Error('expected "Change `code` in line N." at the end of the question');
  return { code, line: Number(line) };
}

/** The source with the line of its question put right. @throws {Error} if not just one line holds that code */
export function withLineOfQuestion(source: string): string {
  const { code } = changeIn(source);
  const lines = partsOf(source).code.split('\n');
  const at = lines.flatMap((line, index) => (line.includes(code) ? [index + 1] : []));
  if (at.length !== 1) throw new Error(`expected one line with \`${code}\`, got ${at.length}`);
  return source.replace(/line(\s+(?:\/\/ )?)\d+\.\n?$/, `line$1${at[0]}.\n`);
}

function transcriptRange(source: string): { readonly start: number; readonly end: number } {
  const start = source.indexOf(OPENING) + OPENING.length;
  const end = source.indexOf(CLOSING, start);
  if (start < OPENING.length || end < 0)
    throw new Error('expected "// Output:" and "// Notice" below the code');
  return { start, end };
}

/** Comment lines as paragraphs. A line of nothing but `//` ends one, and an item of a list ("1. …") begins one. */
function paragraphs(comment: string): string[] {
  return comment
    .replaceAll(/^\/\/ ?/gm, '')
    .split(/\n\s*\n|\n(?=\d\. )/)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/g, ' '))
    .filter((paragraph) => paragraph !== '');
}
