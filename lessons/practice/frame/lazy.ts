// Answers that nobody would give, but that a careless check would let pass. Every check must refuse each of them.

/** By name, the text of a file that exports `exported` and does not do what is asked. */
export const lazyAnswers = (exported: string, expectedText: string): Readonly<Record<string, string>> => ({
  'an empty file': '',
  'a function that returns undefined': `export function ${exported}() {}\n`,
  'a promise that never settles': `export const ${exported} = () => new Promise(() => {});\n`,
  'an empty list': `export const ${exported} = async () => [];\n`,
  'a function that throws': `export const ${exported} = () => { throw new Error('not yet'); };\n`,
  'a file that exits': `process.exit(0);\nexport const ${exported} = async () => {};\n`,
  'a function that prints what is expected': `export const ${exported} = async () => console.log(${JSON.stringify(expectedText)});\n`,
  'a function that returns its input': `export const ${exported} = async (input) => input;\n`,
});
