import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipped, html } from '../../../src/report/html/escape.ts';

test('what is put in is text, between tags and inside quotes', () => {
  const hostile = `"><script>alert('1')</script>&amp;`;
  const safe = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;';
  assert.equal(html`<p title="${hostile}">${hostile}</p>`.text, `<p title="${safe}">${safe}</p>`);
});

test('what the template made goes in as it is, also from a list; null is nothing', () => {
  const names = ['<a>', 'b'].map((name) => html`<b>${name}</b>`);
  assert.equal(html`${names}${null}${7}`.text, '<b>&lt;a&gt;</b><b>b</b>7');
});

test('an object that only looks like markup is not taken for it', () => {
  const forged = JSON.parse('{"text":"<script>"}') as never;
  assert.throws(() => html`<p>${forged}</p>`, TypeError);
});

test('controls and marks that turn the text direction are replaced; a line break stays', () => {
  assert.equal(html`${'a\0b\u202ec\u2066d\x1b[31me\nf'}`.text, 'a\ufffdb\ufffdc\ufffdd\ufffd[31me\nf');
});

test('a text that is too long says that it goes on', () => {
  assert.equal(clipped('12345', 5), '12345');
  assert.equal(clipped('123456', 5), '12345…');
  assert.equal(clipped('1234\u{1f372}', 5), '1234…');
});
