// Whether a function uses a variable, in sources that hide it or hide where the function ends. `¦` marks its beginning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsIn } from '../../src/awaiting/source-text.ts';

function mentions(marked: string, variable = 'resolve'): boolean {
  const before = marked.slice(0, marked.indexOf('¦')).split('\n');
  const place = { scriptId: '1', line: before.length, column: before.at(-1)!.length + 1 };
  return mentionsIn(marked.replace('¦', ''), place, variable);
}

interface Case {
  readonly name: string;
  readonly uses: readonly string[];
  readonly doesNot: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'a function ends with its own brace, and nested braces belong to it',
    uses: [
      'function f¦() { if (a) { b({ c: {} }); } resolve(); } x();',
      'let a;\n  function f¦({ a } = {}) {\n    resolve();\n  }\n',
      'function f¦() { function g() { resolve(); } }',
    ],
    doesNot: [
      'function f¦() { if (a) { b({ c: {} }); } } resolve();',
      'resolve(); function f¦({ a } = {}) { a(); } resolve();',
    ],
  },
  {
    name: 'an arrow function without braces ends where the expression around it goes on',
    uses: [
      'on(¦() => resolve(1), other);',
      'on(¦(a, b) => [a, b, resolve], 1);',
      'const f = ¦() => ({ a: resolve });',
    ],
    doesNot: [
      'on(¦() => done(1), resolve);',
      'const f = ¦() => done(); resolve();',
      '[¦() => { done(); }, resolve]',
    ],
  },
  {
    name: 'a name in a string, or a brace there, is no code',
    uses: [
      `function f¦() { log("}"); resolve(); }`,
      String.raw`function f¦() { log('\'}'); resolve(); }`,
      String.raw`function f¦() { log("\\"); resolve(); }`,
    ],
    doesNot: [`function f¦() { log("resolve", 'resolve'); }`, `function f¦() { log("{"); } resolve();`],
  },
  {
    name: 'a template is text, and what stands in ${} is code',
    uses: [
      'function f¦() { log(`a ${resolve} b`); }',
      'function f¦() { log(`a ${`b ${resolve()}`} c`); }',
      'function f¦() { log(`${{ a: 1 }.a} }`); resolve(); }',
    ],
    doesNot: [
      'function f¦() { log(`resolve ${a} resolve`); }',
      'function f¦() { log(`{ ${`{`} ${{ a }.a} {`); } resolve();',
      'function f¦() { log(`\\${resolve}`); }',
    ],
  },
  {
    name: 'a comment is no code',
    uses: ['function f¦() { // }\n resolve(); }', 'function f¦() { /* } */ resolve(); }'],
    doesNot: [
      'function f¦() { // resolve\n }',
      'function f¦() { /* resolve\n resolve */ }',
      'function f¦() { // {\n } resolve();',
      "function f¦() { // don't\n } resolve();",
    ],
  },
  {
    name: 'a regular expression is no code, and a division is no regular expression',
    uses: [
      'function f¦() { return /}/.test(a) && resolve(); }',
      `function f¦() { return /[/"]/.test(a) && resolve(); }`,
      'function f¦() { return a / resolve / b; }',
      'function f¦() { return (a) / 2 + resolve() / 1; }',
    ],
    doesNot: [
      'function f¦() { return /resolve/.test(a); }',
      'function f¦() { return /[/{]/.test(a); } resolve();',
      String.raw`function f¦() { return a.match(/\/{/); } resolve();`,
    ],
  },
  {
    name: 'only the whole word counts, and no property of another object',
    uses: ['function f¦() { [...a].map(b => c); resolve.call(1); }'],
    doesNot: ['function f¦() { resolved(); $resolve(); a.resolve(); this.#resolve(); }'],
  },
];

for (const { name, uses, doesNot } of CASES) {
  test(name, () => {
    for (const source of uses) assert.equal(mentions(source), true, source);
    for (const source of doesNot) assert.equal(mentions(source), false, source);
  });
}

test('a name with a $ is taken literally', () => {
  assert.equal(mentions('function f¦() { a$b(); }', 'a$b'), true);
  assert.equal(mentions('function f¦() { ab(); }', 'a$b'), false);
});

test('in doubt it says that the variable is used: a source that is too short, or never closes', () => {
  assert.equal(mentionsIn('a();', { scriptId: '1', line: 3, column: 1 }, 'resolve'), true);
  assert.equal(mentions('function f¦() { { } resolve();'), true);
});
