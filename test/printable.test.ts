import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine, printable, printableLine } from '../src/printable.ts';

const codes = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);

test('every control character but tab and line feed is replaced, of C0 and of C1', () => {
  for (let code = 0; code < 0xa0; code++) {
    const isControl = code < 0x20 || code >= 0x7f;
    const stays = !isControl || code === 0x09 || code === 0x0a;
    const expected = stays ? code : 0xfffd;
    assert.deepEqual(codes(printable(`a${String.fromCodePoint(code)}b`)), [97, expected, 98], String(code));
  }
});

test('marks of direction, other line separators and halves of surrogate pairs are replaced', () => {
  const hostile = [0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069];
  for (const code of hostile)
    assert.equal(printable(String.fromCodePoint(code)), '\ufffd', code.toString(16));
  assert.equal(printable('\ud83d'), '\ufffd');
});

test('letters, signs, emoji and joiners stay', () => {
  const text = 'Größe ≤ 5 µs – 日本 👩‍🍳 ✓';
  assert.equal(printable(text), text);
});

test('of a coloured line only the colours stay', () => {
  const coloured = '\u001b[1m\u001b[31mred\u001b[39m\u001b[22m \u001b[2mdim\u001b[22m';
  assert.equal(printableLine(coloured), coloured);
  for (const hostile of [
    '\u001b[8mhidden',
    '\u001b[2Jgone',
    '\u001b]0;title\u0007',
    '\u009b31m',
    'over\rwritten',
  ]) {
    assert.match(printableLine(hostile), /\ufffd/, JSON.stringify(hostile));
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(printableLine(hostile), /[\u001b\u009b\u0007\r]/, JSON.stringify(hostile));
  }
});

test('in one line there is no line break left', () => {
  assert.equal(oneLine('one \r\n\t two\nthree\u2028four'), 'one two three\ufffdfour');
});
