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
  assert.match(title, /^[\x20-\x7e\ufffd]{20,120}$/);
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

test('a link is found however deep it is nested, and in time', () => {
  const depth = 200_000;
  const { links } = contentOf(`<a href="first">${'<div>'.repeat(depth)}<a href="last">`);
  assert.deepEqual(links, ['first', 'last']);
  const closed = contentOf(`${'<div>'.repeat(depth)}${'</p><form>'.repeat(depth)}<a href="last">`);
  assert.deepEqual(closed.links, ['last']);
});

test('of a base without href the next one counts, of an attribute that is there twice the first', () => {
  const { base, links } = contentOf('<base target="_top"><base href="/x/"><a href="one" HREF="two">');
  assert.deepEqual([base, links], ['/x/', ['one']]);
});

test('a title ends before an emoji, never in it, and joiners stay', () => {
  const family = '👨\u200d👩\u200d👧\u200d👦';
  const wales = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}';
  assert.equal(
    contentOf(`<title>${family} می\u200cخواهم ${wales}</title>`).title,
    `${family} می\u200cخواهم ${wales}`,
  );
  for (let before = 100; before <= 120; before++) {
    const { title } = contentOf(`<title>${'x'.repeat(before)}${family}${wales}é</title>`);
    const rest = title.slice(before);
    assert.ok(['', family].includes(rest), JSON.stringify(rest));
  }
});

test('a title cannot turn the reading direction, and holds no half characters', () => {
  const { title } = contentOf('<title>a\u202eb\u2066c\u200fd\ud800e\u2028f\u200bg&#x202e;&#27;h</title>');
  assert.equal(title, 'a\ufffdb\ufffdc\ufffdd\ufffde f\u200bg\ufffd\ufffdh');
});
