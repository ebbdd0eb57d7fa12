import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloured, columns, pad, plain } from '../../src/report/paint.ts';
import { bar, table } from '../../src/report/table.ts';

test('a column is as wide as its widest cell, numbers stand to the right, and no line ends in blanks', () => {
  const header = [{ title: 'dish' }, { title: 'cents', align: 'right' as const }, { title: 'note' }];
  const cells = [
    ['lentil soup', '690', ''],
    ['trout', '1890', 'grilled'],
  ];
  assert.deepEqual(table(header, cells, plain), [
    'dish         cents  note',
    'lentil soup    690',
    'trout         1890  grilled',
  ]);
});

test('colour codes take no room in a column', () => {
  const red = coloured('red', 'soup');
  assert.notEqual(red, 'soup');
  assert.equal(columns(red), 4);
  assert.equal(columns(pad(red, 6)), 6);
  assert.ok(pad(red, 6, 'left').startsWith('  '));
});

test('a bar is exact to an eighth of a column, shows whatever is above zero, and never leaves its room', () => {
  assert.equal(bar(1, 4), '████');
  assert.equal(bar(0.5, 4), '██');
  assert.equal(bar(0.5 + 1 / 32, 4), '██▏');
  assert.equal(bar(0.0001, 4), '▏');
  assert.equal(bar(0, 4), '');
  assert.equal(bar(7, 4), '████');
});
