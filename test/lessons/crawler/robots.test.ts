import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseRobots } from '../../../lessons/crawler/robots.ts';

const allowed = (rules: string, path: string, name = 'crawler') => parseRobots(rules, name)(path);

test('the longest rule that matches decides, and Allow wins a tie', () => {
  const rules = 'User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /tie\nDisallow: /tie\n';
  for (const [path, expected] of [
    ['/', true],
    ['/a', false],
    ['/abc', false],
    ['/a/b', true],
    ['/a/b/c', false],
    ['/tie', true],
  ] as const) {
    assert.equal(allowed(rules, path), expected, path);
  }
});

test('a group for us alone replaces the one for everyone, whatever the case and the order', () => {
  const rules = 'User-agent: CRAWLER\nDisallow: /ours\n\nUser-agent: *\nDisallow: /\n';
  assert.deepEqual([allowed(rules, '/'), allowed(rules, '/ours')], [true, false]);
  assert.equal(allowed(rules, '/', 'another'), false);
  const emptyForUs = 'User-agent: *\nDisallow: /\n\nUser-agent: crawler\nDisallow:\n';
  assert.equal(allowed(emptyForUs, '/'), true);
});

test('agents in a row share their rules; an agent after rules opens a group', () => {
  const rules =
    'User-agent: crawler\nUser-agent: other\nDisallow: /both\nUser-agent: other\nDisallow: /one\n';
  assert.deepEqual([allowed(rules, '/both'), allowed(rules, '/one')], [false, true]);
  assert.deepEqual([allowed(rules, '/both', 'other'), allowed(rules, '/one', 'other')], [false, false]);
});

test('comments, blanks, unknown fields and nonsense change nothing', () => {
  const rules = '\uFEFFgarbage\nSitemap: x\r\n user-AGENT : * # all\r disallow : /x # why\nDisallow\n:\n::\n';
  assert.deepEqual([allowed(rules, '/x'), allowed(rules, '/y')], [false, true]);
  for (const nothing of ['', '\n', 'Disallow: /', '<!doctype html><p>Disallow: /</p>']) {
    assert.equal(allowed(nothing, '/'), true, nothing);
  }
});

test('wildcards match as the regular expression they stand for', () => {
  const piece = fc.constantFrom('a', 'b', '/', '*', '*');
  const patterns = fc
    .tuple(fc.array(piece, { maxLength: 6 }), fc.constantFrom('', '$'))
    .map(([pieces, end]) => `/${pieces.join('')}${end}`);
  const paths = fc
    .array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 })
    .map((letters) => `/${letters.join('')}`);
  fc.assert(
    fc.property(patterns, paths, (pattern, path) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}`);
      assert.equal(allowed(`User-agent: *\nDisallow: ${pattern}`, path), !expression.test(path));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern on which a regular expression would hang is answered', () => {
  const rules = `User-agent: *\nDisallow: /${'*a'.repeat(5000)}*b\n`;
  assert.equal(allowed(rules, `/${'a'.repeat(2000)}`), true);
});
