// What the command line and README.md show of a pitfall: pure functions from data to text, at most 80 columns wide.
import { WIDTH, wrapped, type Paint } from '../../../src/report/paint.ts';
import { listed } from '../../../src/report/units.ts';
import type { About, Demonstration, Detector, Symptom, VersionName } from './pitfall.ts';

export interface Entry {
  readonly name: string;
  readonly about: About;
}

/** The code that is shown of each version, line by line. */
type Code = Readonly<Record<VersionName, readonly string[]>>;

const LABEL_WIDTH = 11;
const NO_TOOL = 'no tool';
const MOST_LISTED = 2;

/** One line for each pitfall: what to type, what it is, which kinds of tool find it. A third would not fit: `+1`. */
export function list(entries: readonly Entry[]): string {
  const nameWidth = widest(entries.map((entry) => entry.name));
  const titleWidth = widest(entries.map((entry) => entry.about.title));
  const lines = entries.map(({ name, about }) => {
    const tools = [...new Set(about.foundBy.map((detector) => detector.split(' ')[0]!))];
    const more = tools.length > MOST_LISTED ? ` +${tools.length - MOST_LISTED}` : '';
    const found = tools.length === 0 ? NO_TOOL : `${tools.slice(0, MOST_LISTED).join(', ')}${more}`;
    return `${name.padEnd(nameWidth)}  ${about.title.padEnd(titleWidth)}  ${found}`;
  });
  return [`${'npm run pitfall NAME'.padEnd(nameWidth + 2 + titleWidth)}  found by`, ...lines].join('\n');
}

export interface PageParts extends Demonstration {
  readonly name: string;
  readonly code: Code;
  /** The pitfall after this one. */
  readonly next?: string | undefined;
}

/** The code of both versions, what each of them showed, and the same in words. */
export function page(parts: PageParts, paint: Paint): string {
  const { name, about, wrong, right, code, next, holds } = parts;
  return [
    paint('bold', `${name}: ${about.title}`),
    '',
    ...painted(code.wrong, 'red', paint),
    '',
    ...painted(code.right, 'green', paint),
    '',
    ...symptomTable(wrong, right),
    '',
    ...labelled('Symptom', about.symptom),
    ...labelled('Remedy', about.remedy),
    ...labelled('Found by', foundBySentence(about)),
    ...labelled('Article', about.article),
    ...labelled('Read', `lessons/pitfalls/${name}.ts`),
    ...labelled('Next', next && `npm run pitfall ${next}`),
    ...(holds ? [] : ['', ...differenceLines(parts).map((line) => paint('red', line))]),
  ].join('\n');
}

/** The line that names the version has its colour. */
function painted(code: readonly string[], colour: 'red' | 'green', paint: Paint): string[] {
  return code.map((line) => {
    if (line.startsWith('//')) return paint('dim', line);
    return line.startsWith('export ') ? paint(colour, line) : line;
  });
}

/** One row for each fact, both versions side by side. */
function symptomTable(wrong: Symptom, right: Symptom): string[] {
  const factWidth = widest(Object.keys(wrong).map(words)) + 2;
  const cellWidth = Math.floor((WIDTH - factWidth) / 2);
  const row = (fact: string, left: readonly string[], other: readonly string[]) =>
    Array.from({ length: Math.max(left.length, other.length) }, (_, index) =>
      (
        (index === 0 ? fact : '').padEnd(factWidth) +
        (left[index] ?? '').padEnd(cellWidth) +
        (other[index] ?? '')
      ).trimEnd(),
    );
  const cell = (symptom: Symptom, fact: string) =>
    valueLines(symptom[fact]).flatMap((line) => wrapped(line, cellWidth - 2, '  '));
  return [
    ...row('', ['wrong'], ['right']),
    ...Object.keys(wrong).flatMap((fact) => row(words(fact), cell(wrong, fact), cell(right, fact))),
  ];
}

function labelled(label: string, text: string | undefined): string[] {
  return text ? wrapped(label.padEnd(LABEL_WIDTH) + text, WIDTH, ' '.repeat(LABEL_WIDTH)) : [];
}

function foundBySentence({ foundBy, missedWhen }: About): string {
  if (foundBy.length === 0) {
    return 'No tool. No rule of tsc, oxlint or ESLint tells the wrong version from the right one, and neither does npm run awaiting while it runs.';
  }
  const found = `${listed(foundBy.map(detectorWords))}.`;
  if (missedWhen === undefined) return found;
  return `${found} ${foundBy.length === 1 ? 'It misses' : 'They miss'} it when ${missedWhen}.`;
}

/** Node is no linter: the process itself ends with the code. And a look finds something while the process runs. */
function detectorWords(detector: Detector): string {
  if (detector.startsWith('node exit code')) return detector.replace('node', 'Node, which ends with');
  if (!detector.startsWith('awaiting ')) return detector;
  if (detector === 'awaiting ends with 13')
    return 'npm run awaiting, which shows at which await the program waited when it ended';
  return `npm run awaiting, which finds "${detector.slice('awaiting '.length)}" while it runs`;
}

/** The table in README.md. It is not aligned, so that a change of one pitfall changes one line. */
export function tableInMarkdown(entries: readonly Entry[]): string {
  const rows = entries.map(({ name, about }) => {
    const tools = about.foundBy.map((detector) => `\`${detector}\``).join(', ') || NO_TOOL;
    const found = about.missedWhen ? `${tools}. Missed when ${about.missedWhen}` : tools;
    return `| ${[`[${name}](${name}.ts)`, about.symptom, about.remedy, found].map(inTable).join(' | ')} |`;
  });
  return ['| pitfall | symptom | remedy | found by |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What this run showed and the pitfall does not claim, fact by fact. */
function differenceLines({ about, wrong, right }: Demonstration): string[] {
  const differences = [
    ...differencesOf('wrong', about.shows.wrong, wrong),
    ...differencesOf('right', about.shows.right, right),
  ];
  return [
    'This run differs from what the pitfall claims:',
    ...differences.flatMap((line) => wrapped(`- ${line}`, WIDTH, '  ')),
  ];
}

function differencesOf(version: VersionName, expected: Symptom, actual: Symptom): string[] {
  const facts = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...facts].flatMap((fact) => {
    const expectedLines = valueLines(expected[fact]);
    const actualLines = valueLines(actual[fact]);
    const at = firstDifference(expectedLines, actualLines);
    if (at === undefined) return [];
    const line = Math.max(expectedLines.length, actualLines.length) > 1 ? `, line ${at + 1}` : '';
    const wanted = expectedLines[at] ?? '(no more)';
    const saw = actualLines[at] ?? '(no more)';
    return [`${version}, ${words(fact)}${line}: expected ${wanted}, saw ${saw}`];
  });
}

function firstDifference(some: readonly string[], others: readonly string[]): number | undefined {
  const length = Math.max(some.length, others.length);
  for (let index = 0; index < length; index++) if (some[index] !== others[index]) return index;
  return undefined;
}

function valueLines(value: Symptom[string] | undefined): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['(nothing)'] : value;
  return value === undefined || value === '' ? ['(nothing)'] : [String(value)];
}

/** `peakInFlight` as 'peak in flight'. */
function words(fact: string): string {
  return fact.replaceAll(/[A-Z]|\d+/g, (letter) => ` ${letter.toLowerCase()}`);
}

const inTable = (text: string): string => text.replaceAll('|', '\\|');
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
