// Whether a function uses a variable, and at which await it stands, in sources that hide it or hide where the function
// ends. `¦` marks its beginning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsIn, onlyAwaitIn } from '../../src/awaiting/source-text.ts';

function mentions(marked: string, variable = 'resolve'): boolean {
  return mentionsIn(marked.replace('¦', ''), marked.indexOf('¦'), variable);
}

/** What stands from the only await on; undefined if the source does not tell which await it is. */
function fromOnlyAwait(marked: string): string | undefined {
  const source = marked.replace('¦', '');
  const at = onlyAwaitIn(source, marked.indexOf('¦'));
  return at === undefined ? undefined : source.slice(at);
}

/** The source of each of these functions does not tell where the function stands. */
function expectNoPlace(sources: readonly string[]): void {
  for (const source of sources) assert.equal(fromOnlyAwait(source), undefined, source);
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
    uses: [
      'function f¦() { // }\n resolve(); }',
      'function f¦() { /* } */ resolve(); }',
      'function f¦() { /*/ } /**/ resolve(); }',
    ],
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

test('in doubt it says that the variable is used: a source that never closes', () => {
  assert.equal(mentions('function f¦() { { } resolve();'), true);
});

test('a function with one await stands there, whatever kind of function it is', () => {
  for (const source of [
    'async function f¦() { a(); await b(); } await c();',
    'async function f¦({ a } = {}, b = () => ({})) {\n  if (a) {\n    return `${(await b()).c}`;\n  }\n}',
    'on(¦async () => { await b(); }, await c());',
    'on(¦async (a) => await b(a), await c());',
    'on(¦async a => (await b(a)).c);',
    'class A { async f¦() { await super.b(); } async g() { await 1; } }',
    'class A { async #f¦() { this.#a(await b(this.#c)); } }',
    String.raw`async function f¦() { await b(/[/}]/, '}', "\\"); }`,
  ]) {
    const { length } = source.slice(0, source.indexOf('await', source.indexOf('¦')) - 1);
    assert.equal(fromOnlyAwait(source), source.replace('¦', '').slice(length), source);
  }
});

test('only the process tells at which of several awaits a function stands', () => {
  expectNoPlace([
    'async function f¦() { await a(); await b(); }',
    'async function f¦() { if (a) await b(); else await c(); }',
    'async function f¦() { const g = async () => await a(); g(); await b(); }',
    'async function f¦() { /* await */ await a(); }',
    'async function f¦() { await a("await"); }',
    'async function f¦() { a(); }',
  ]);
});

test('only the process tells where a function stands that also waits elsewhere than at an await', () => {
  expectNoPlace([
    'async function f¦() { for await (const a of b) c(a); }',
    'async function f¦() { for/* all */await (const a of b) c(a); }',
    'async function f¦() { for // all\n await (const a of b) c(a); }',
    'async function f¦() { await using a = b(); }',
    'async function* f¦() { await a(); yield 1; }',
  ]);
});

test('where the end of a function was found too early, the source tells nothing', () => {
  // After `)` a regular expression looks like a division.
  expectNoPlace([
    'async function f¦() { if (a) /}/.test(await b()); await c(); }',
    'async function f¦() { await b(); if (a) /}/.test(c); await d(); }',
    'async function f¦() { await b(); while (a) /`}/.test(c); await d(); }',
  ]);
});

test('a source that begins elsewhere, or never closes, tells nothing', () => {
  assert.equal(fromOnlyAwait('async fun¦ction f() { await a(); }'), undefined);
  assert.equal(fromOnlyAwait('async function f¦() { await a(); '), undefined);
});
