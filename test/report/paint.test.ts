import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapped } from '../../src/report/paint.ts';

test('text breaks between words, and every line but the first is indented', () => {
  assert.deepEqual(wrapped('a plate of lentil soup', 10, '  '), ['a plate of', '  lentil', '  soup']);
});

test('a text that fits stays as it is, blanks in a row included', () => {
  assert.deepEqual(wrapped('    here     9 ms', 80), ['    here     9 ms']);
  assert.deepEqual(wrapped('', 80), ['']);
});

test('no line is wider than asked, also where a word is, and no character is lost', () => {
  const word = 'Donaudampfschifffahrtsgesellschaft';
  for (const text of [word, `the ${word}`, `${word} sails ${word}`]) {
    const lines = wrapped(text, 10, '  ');
    for (const line of lines) assert.ok(line.length <= 10, line);
    assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
  }
});

test('an indent as wide as the line still ends', () => {
  assert.equal(wrapped('soup', 2, '    ').join('').replaceAll(' ', ''), 'soup');
});

test('a number stays with its unit', () => {
  assert.deepEqual(wrapped('it took 80.7 ms or more', 12), ['it took', '80.7 ms or', 'more']);
  assert.deepEqual(wrapped('all 9 msw tests', 9), ['all 9 msw', 'tests']);
  assert.deepEqual(wrapped('all 9 soups', 5), ['all 9', 'soups']);
});
