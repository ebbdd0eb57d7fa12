import assert from 'node:assert/strict';
import { test } from 'node:test';
import contentOf from '../../../lessons/crawler/links.ts';

test('links are found as a browser finds them', () => {
  const html = `<TITLE>Menu &amp; wine</TITLE><A HREF=one>1<a href='two?a=1&amp;b=2'>2</a>
    <!-- <a href="no"> --><script>'<a href="no">'</script><style>a{}</style><map><area href="three"></map>
    <a name="no">x</a><a href="one">again</a><link href="no"><p title='<a href="no">'>`;
  assert.deepEqual(contentOf(html), {
    title: 'Menu & wine',
    links: ['one', 'two?a=1&b=2', 'three'],
    more: 0,
  });
});

test('the first base counts, and the first title', () => {
  const html = '<base href="/x/"><base href="/y/"><title>a</title><svg><title>b</title></svg>';
  assert.deepEqual(contentOf(html), { title: 'a', links: [], more: 0, base: '/x/' });
});

test('a title is short and has nothing that commands a terminal', () => {
  const { title } = contentOf(`<title>\u001b]0;gone\u0007\u009b2J\n\n ${'x'.repeat(10_000)}</title>`);
  assert.match(title, /^[\x20-\x7e]{20,120}$/);
});

test('of endlessly many links, a limited number is taken and the rest is counted', () => {
  const html = Array.from({ length: 10_000 }, (_, index) => `<a href="${index}">x</a>`).join('');
  const { links, more } = contentOf(html);
  assert.deepEqual([links.length, more], [2000, 8000]);
});

test('what is no HTML has no links', () => {
  for (const text of ['', '\0\0', '<', '<a href', '{"a": "<a>"}']) {
    assert.deepEqual(contentOf(text).links, []);
  }
});

test('nesting that is meant to keep the parser busy is left, any other is not', () => {
  const nested = (depth: number) =>
    contentOf(`<a href="first">${'<div>'.repeat(depth)}<a href="last">`).links;
  assert.deepEqual(nested(2000), ['first', 'last']);
  assert.deepEqual(nested(200_000), ['first']);
});
