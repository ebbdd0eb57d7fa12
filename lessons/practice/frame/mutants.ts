// Mutants: solutions with one small thing taken away, as by a typing error. A check that lets a mutant pass does not see
// what the exercise is about, unless the mutant behaves in the same way as the solution.

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const RULES: readonly Rule[] = [
  { name: 'without this await', pattern: /\bawait /g, replacement: '' },
  { name: 'with a bound raised by one', pattern: / < /g, replacement: ' <= ' },
  { name: 'with a bound raised by one', pattern: / >= /g, replacement: ' > ' },
  { name: 'without the signal', pattern: /, (\{ )?signal( \})?(?=\))/g, replacement: '' },
  { name: 'without the signal', pattern: /, [\w.]+\.signal(?=\))/g, replacement: '' },
  { name: 'without the finally block', pattern: /finally \{[^}]*\}/g, replacement: 'finally {}' },
  { name: 'with Promise.race for Promise.all', pattern: /Promise\.all\(/g, replacement: 'Promise.race(' },
  {
    name: 'with Promise.all for Promise.allSettled',
    pattern: /Promise\.allSettled\(/g,
    replacement: 'Promise.all(',
  },
  { name: 'without this abort', pattern: /^ *\w+\.abort\(.*\);$/gm, replacement: '' },
  { name: 'without this clearTimeout', pattern: /^ *clearTimeout\(.*\);$/gm, replacement: '' },
  { name: 'without this throw', pattern: /^( *)throw [^;]*;$/gm, replacement: '' },
  { name: 'without this early return', pattern: /^ *if \([^\n]*\) return[^\n]*;$/gm, replacement: '' },
  { name: 'without this delete', pattern: /\w+\.delete\([^)]*\)/g, replacement: 'undefined' },
];

export interface Mutant {
  /** For instance `line 7, without this await`. */
  readonly name: string;
  readonly text: string;
}

/** Stands above a line of a solution whose mutants behave as the solution does. The text behind it says why. */
const EQUAL = '// equal without it:';

/** All mutants of a solution, except on lines that say why their mutants are equal. */
export function mutantsOf(solution: string): Mutant[] {
  return RULES.flatMap(({ name, pattern, replacement }) =>
    Array.from(solution.matchAll(pattern)).flatMap(({ 0: found, index }) => {
      const line = solution.slice(0, index).split('\n').length;
      const lineText = solution.split('\n')[line - 1]!;
      const above = solution.split('\n')[line - 2] ?? '';
      // A comment is no code.
      if (lineText.trim().startsWith('//') || above.includes(EQUAL) || found.includes(EQUAL)) return [];
      const text = solution.slice(0, index) + replacement + solution.slice(index + found.length);
      return [{ name: `line ${line}, ${name}`, text }];
    }),
  );
}
