// What the command line and README.md show of a pitfall: pure functions from data to text, at most 80 columns wide.
import { wrapped } from '../../../src/report/paint.ts';
import type { About, Demonstration, Seen } from './pitfall.ts';

export interface Entry {
  readonly name: string;
  readonly about: About;
}

const WIDTH = 80;
const LABEL = 11;

/** One line for each pitfall: what to type, what it is, which kinds of tool find it. */
export function list(entries: readonly Entry[]): string {
  const [names, titles] = [widest(entries.map((e) => e.name)), widest(entries.map((e) => e.about.title))];
  const lines = entries.map(({ name, about }) => {
    const tools = new Set(about.foundBy.map((detector) => detector.split(' ')[0]!));
    return `${name.padEnd(names)}  ${about.title.padEnd(titles)}  ${[...tools].join(', ') || 'nothing'}`;
  });
  return [`${'npm run pitfall NAME'.padEnd(names + 2 + titles)}  found by`, ...lines].join('\n');
}

/** Both symptoms side by side, then who would have told you. */
export function page(name: string, { about, wrong, right, holds }: Demonstration, next?: string): string {
  const named = widest(Object.keys(wrong).map(words)) + 2;
  const column = Math.floor((WIDTH - named) / 2);
  const row = (fact: string, left: readonly string[], other: readonly string[]) =>
    Array.from({ length: Math.max(left.length, other.length) }, (_, index) =>
      (
        (index === 0 ? fact : '').padEnd(named) +
        (left[index] ?? '').padEnd(column) +
        (other[index] ?? '')
      ).trimEnd(),
    );
  const cell = (seen: Seen, fact: string) =>
    valueLines(seen[fact]).flatMap((line) => wrapped(line, column - 2));
  const facts = Object.keys(wrong).flatMap((fact) => row(words(fact), cell(wrong, fact), cell(right, fact)));
  const foundBy = about.foundBy.join(', ') || 'nothing: no rule of tsc, oxlint or ESLint tells the two apart';
  const labelled: ReadonlyArray<readonly [label: string, text: string | undefined]> = [
    ['Symptom', about.symptom],
    ['Remedy', about.remedy],
    ['Found by', about.missedWhen ? `${foundBy}; not when ${about.missedWhen}` : foundBy],
    ['Article', about.article],
    ['Read', `lessons/pitfalls/${name}.ts`],
    ['Next', next && `npm run pitfall ${next}`],
  ];
  return [
    `${name}: ${about.title}`,
    '',
    ...row('', ['wrong'], ['right']),
    ...facts,
    '',
    ...labelled.flatMap(([label, text]) =>
      text ? wrapped(label.padEnd(LABEL) + text, WIDTH, ' '.repeat(LABEL)) : [],
    ),
    ...(holds ? [] : ['', ...differs(about)]),
  ].join('\n');
}

/** README.md of the pitfalls. The table is not aligned, so that a change of one pitfall changes one line. */
export function readme(entries: readonly Entry[]): string {
  const rows = entries.map(({ name, about }) => {
    const tools = about.foundBy.map((detector) => `\`${detector}\``).join(', ') || 'nothing';
    const found = about.missedWhen ? `${tools}; not when ${about.missedWhen}` : tools;
    return `| ${[`[${name}](${name}.ts)`, about.symptom, about.remedy, found].map(inTable).join(' | ')} |`;
  });
  const unfound = entries.filter(({ about }) => about.foundBy.length === 0).length;
  return `# Pitfalls of asynchronous TypeScript, proven

<!-- Written by \`npm run pitfall:readme\` from the pitfalls themselves; edit those. -->

Each file holds a \`wrong()\` and a \`right()\`, side by side. \`npm run pitfall NAME\` runs both and shows the symptom of each;
\`npm run pitfall\` lists them all. The first three are those of the
[article](https://yigebao.com/en/content/aid/2904).

Nothing here is hearsay. The tests run both versions and compare what they show with what the file claims: counts, orders of
events, exit codes, never durations. Then tsc, oxlint and ESLint read the files, with every rule they have about asynchrony, and the tools
in the last column must be exactly those that report something in \`wrong\` and not in \`right\`. "Nothing" is proven the same
way, for ${unfound} of these ${entries.length}; and when a tool learns to see one of them, a test fails and says so.
What is often said of asynchronous code and does not hold is disproven in [myths.test.ts](../../test/lessons/pitfalls/myths.test.ts).

| pitfall | symptom | remedy | found by |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function differs({ shows }: About): string[] {
  const expected = `This run differs from what the pitfall claims: ${JSON.stringify(shows)}`;
  return wrapped(expected, WIDTH);
}

function valueLines(value: Seen[string] | undefined): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['(nothing)'] : value;
  return [value === '' ? '(none)' : String(value)];
}

/** `peakInFlight` as 'peak in flight'. */
function words(fact: string): string {
  return fact.replaceAll(/[A-Z]|\d+/g, (letter) => ` ${letter.toLowerCase()}`);
}

const inTable = (text: string): string => text.replaceAll('|', '\\|');
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
