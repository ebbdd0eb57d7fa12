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

test('an address and a rule are compared in one spelling (RFC 9309, 2.2.2)', () => {
  const requested = (href: string) => {
    const { pathname, search } = new URL(href, 'http://orders.test');
    return pathname + search;
  };
  const same = [
    ['/geheim/ü', '/geheim/ü'],
    ['/geheim/%c3%bc', '/geheim/ü'],
    ['/geheim/%C3%BC', '/geheim/%c3%bc'],
    ['/my files/', '/my files/x'],
    ['/my%20files/', '/my files/x'],
    ['/private/', '/%70rivate/x'],
    ['/%70rivate/', '/private/x'],
    ['/~ada', '/%7Eada'],
    ['/%7eada', '/~ada'],
    ["/x?q='soup'", "/x?q='soup'"],
    ['/a|b', '/a|b'],
    ['/a^b', '/a^b'],
    ['/x?a^b', '/x?a^b'],
    ['/x?q={"a"}', '/x?q={"a"}'],
    ['/ſK', '/ſK'],
    ['/😀', '/😀'],
    ['/\ud800', '/\ud800'],
    ['/100%', '/100%'],
    ['/%zz', '/%zz'],
    ['/with-a-%2A.html', '/with-a-*.html'],
    ['/costs-%24$', '/costs-$'],
    ['/costs-$5', '/costs-$5'],
    ['*.ü$', '/a.ü'],
    ['/*?q=ü', '/x?q=ü'],
  ] as const;
  for (const [rule, href] of same) {
    assert.equal(allowed(`User-agent: *\nDisallow: ${rule}`, requested(href)), false, `${rule} and ${href}`);
  }
  const different = [
    ['/a/b', '/a%2Fb'],
    ['/a%2Fb', '/a/b'],
    ['/Private/', '/private/'],
    ['/with-a-%2A.html', '/with-a-star.html'],
    ['/costs$', '/costs-5'],
    ['/a?b', '/a%3Fb'],
  ] as const;
  for (const [rule, href] of different) {
    assert.equal(allowed(`User-agent: *\nDisallow: ${rule}`, requested(href)), true, `${rule} and ${href}`);
  }
});

test('the longest rule is told by its one spelling, so it does not matter how the two are written', () => {
  const rules = 'User-agent: *\nDisallow: /%7Eada/%6D%65\nAllow: /~ada/menu\n';
  assert.equal(allowed(rules, '/~ada/menu'), true);
  assert.equal(allowed('User-agent: *\nDisallow: /%C3%BC\nAllow: /ü', '/%c3%bc'), true);
});

test('our name ends where a product token ends', () => {
  for (const agent of ['our-name', 'our-name/1.0', 'OUR-NAME bot', 'our-name*', 'our-name\t', 'our-name1']) {
    assert.equal(allowed(`User-agent: ${agent}\nDisallow: /`, '/', 'our-name'), false, agent);
  }
  for (const agent of ['our', 'our-name-too', 'our_name', 'not our-name', '', '**', '*our-name']) {
    assert.equal(allowed(`User-agent: ${agent}\nDisallow: /`, '/', 'our-name'), true, agent);
  }
  assert.equal(allowed('User-agent: * # everyone\nDisallow: /', '/', 'our-name'), false);
  assert.equal(allowed('User-agent: * and all others\nDisallow: /', '/', 'our-name'), false);
});

test('groups of one name are merged, and other lines do not end a group', () => {
  const rules = `Allow: /early
    User-agent: a\nDisallow: /1\nAllow: /1/2\nUser-agent: b\nDisallow: /3\n\n\nDisallow: /4\nUser-agent: c
    User-agent: a\nCrawl-delay: 5\nSitemap: http://x/\nUser-agent: d\nDisallow: /5`;
  const closed = (name: string) =>
    ['/1', '/1/2', '/3', '/4', '/5'].filter((path) => !allowed(rules, path, name));
  assert.deepEqual(closed('a'), ['/1', '/5']);
  assert.deepEqual(closed('b'), ['/3', '/4']);
  assert.deepEqual(closed('c'), ['/5']);
  assert.deepEqual(closed('d'), ['/5']);
  assert.deepEqual(closed('e'), []);
});

test('a file is read with any line ends, with a byte order mark or half of one, and without colons', () => {
  for (const file of [
    'User-agent: *\rDisallow: /x\r',
    'User-agent: *\r\nDisallow: /x',
    '\ufeffUser-agent: *\nDisallow: /x',
    '\ufffdUser-agent: *\nDisallow: /x',
    'user-agent *\ndisallow /x',
    'User-agent: *\nDisallow: /x#y',
  ]) {
    assert.deepEqual([allowed(file, '/x'), allowed(file, '/y')], [false, true], JSON.stringify(file));
  }
});

test('robots.txt itself may always be read', () => {
  assert.equal(allowed('User-agent: *\nDisallow: /', '/robots.txt'), true);
});
