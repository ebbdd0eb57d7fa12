import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePage, decodeRobots, wholeLines, withQueryIn } from '../../../lessons/crawler/charset.ts';

/** `\xNN` for each byte. */
const bytes = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string, order: 'le' | 'be') => {
  const littleEndian = Buffer.from(text, 'utf16le');
  return order === 'le' ? littleEndian : littleEndian.swap16();
};

test('a page is read as its byte order mark says, then its header, then its meta', () => {
  for (const [page, charset, text, encoding] of [
    [bytes('gr\xfc\xdfe'), 'latin1', 'grüße', 'windows-1252'],
    [bytes('\x80'), 'ISO-8859-1', '€', 'windows-1252'],
    [bytes('\xcf\xf0'), 'Windows-1251', 'Пр', 'windows-1251'],
    [utf16('\ufeffgrüße', 'le'), undefined, 'grüße', 'utf-16le'],
    [utf16('\ufeffgrüße', 'be'), undefined, 'grüße', 'utf-16be'],
    [utf16('grüße', 'le'), 'utf-16', 'grüße', 'utf-16le'],
    [utf16('grüße', 'be'), 'UTF-16BE', 'grüße', 'utf-16be'],
    [Buffer.from('\ufeffü'), 'windows-1251', 'ü', 'utf-8'],
    [utf16('\ufeffü', 'be'), 'utf-8', 'ü', 'utf-16be'],
    [Buffer.from('ü'), undefined, 'ü', 'utf-8'],
    [bytes('\xfc'), undefined, 'ü', 'windows-1252'],
    [Buffer.from('ü'), 'no such charset', 'ü', 'utf-8'],
  ] as const) {
    assert.deepEqual(decodePage(page, charset), { text, encoding }, `${text} as ${charset}`);
  }
});

test('the meta of a page names its encoding as browsers read it', () => {
  const encodingOf = (page: string, charset?: string) => decodePage(bytes(page), charset).encoding;
  assert.equal(encodingOf('<meta charset=koi8-r>'), 'koi8-r');
  assert.equal(
    encodingOf(`<META CONTENT="text/html; CHARSET='iso-8859-2'" HTTP-EQUIV=Content-Type>`),
    'iso-8859-2',
  );
  assert.equal(encodingOf('<?xml version="1.0" encoding="windows-1251"?><html>'), 'windows-1251');
  assert.equal(encodingOf('<meta charset=nonsense><meta charset=koi8-r>'), 'koi8-r');
  assert.equal(encodingOf('<meta charset=utf-16>'), 'utf-8', 'it was readable, so it is no UTF-16');
  assert.equal(encodingOf('<meta charset=koi8-r>', 'windows-1251'), 'windows-1251');
  for (const other of [
    '<!-- <meta charset=koi8-r> -->',
    '<script>"<meta charset=koi8-r>"</script>',
    '<meta name=x content="text/html; charset=koi8-r">',
  ]) {
    assert.equal(encodingOf(other), 'utf-8', other);
  }
});

test('a robots.txt is UTF-8 whatever its header says, and what is no UTF-8 is read all the same', () => {
  assert.equal(decodeRobots(Buffer.from('/ü'), 'latin1').text, '/ü');
  assert.equal(decodeRobots(bytes('/\xfc'), undefined).text, '/ü');
  assert.equal(decodeRobots(bytes('/\xef'), 'windows-1251').text, '/п');
  assert.equal(decodeRobots(utf16('\ufeff/ü', 'le'), undefined).text, '/ü');
});

test('the query of a link is sent in the encoding of its page, the rest in UTF-8', () => {
  const sent = (encoding: string, href: string) =>
    new URL(withQueryIn(encoding, href), 'http://orders.test').href;
  for (const [encoding, href, expected] of [
    ['windows-1252', '/ü?q=ü€#ü', '/%C3%BC?q=%FC%80#%C3%BC'],
    ['windows-1251', '?q=Привет, мир', '/?q=%CF%F0%E8%E2%E5%F2,%20%EC%E8%F0'],
    ['windows-1252', '?q=☃😀', '/?q=%26%239731%3B%26%23128512%3B'],
    ['windows-1252', '?q=%FC&a=b%zz', '/?q=%FC&a=b%zz'],
    ['windows-1252', '#?ü', '/#?%C3%BC'],
    ['windows-1252', '?q=\ud800', '/?q=%26%2365533%3B'],
    ['utf-8', '?q=ü', '/?q=%C3%BC'],
    ['utf-16le', '?q=ü', '/?q=%C3%BC'],
    ['koi8-r', '?q=мир', '/?q=%CD%C9%D2'],
    ['shift_jis', '?q=日本ソｱ', String.raw`/?q=%93%FA%96{%83\%B1`],
    ['euc-jp', '?q=日本ｱ', '/?q=%C6%FC%CB%DC%8E%B1'],
    ['iso-2022-jp', '?q=日a本', '/?q=%1B$BF|%1B(Ba%1B$BK\\%1B(B'],
    ['gbk', '?q=中€ü', '/?q=%D6%D0%80%A8%B9'],
    ['gb18030', '?q=中€😀ÿ', '/?q=%D6%D0%A2%E3%949%FC6%810%8B7'],
    ['big5', '?q=中十', '/?q=%A4%A4%A4Q'],
    ['euc-kr', '?q=한', '/?q=%C7%D1'],
  ] as const) {
    assert.equal(sent(encoding, href), `http://orders.test${expected}`, `${href} in ${encoding}`);
  }
});

test('what was encoded decodes to what it was, in every encoding that has the letters', () => {
  const words: Record<string, string[]> = {
    greek: ['αβγ', 'iso-8859-7', 'windows-1253'],
    russian: ['щи да каша', 'windows-1251', 'koi8-r', 'koi8-u', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'],
    polish: ['żółć', 'iso-8859-2', 'windows-1250', 'iso-8859-16'],
    japanese: ['献立表', 'shift_jis', 'euc-jp'],
    chinese: ['菜单', 'gbk', 'gb18030'],
    taiwanese: ['菜單', 'big5'],
    korean: ['식단', 'euc-kr'],
    hebrew: ['תפריט', 'windows-1255', 'iso-8859-8'],
    thai: ['เมนู', 'windows-874'],
  };
  for (const [word, ...encodings] of Object.values(words)) {
    for (const encoding of encodings) {
      const query = withQueryIn(encoding, `?${word}`).slice(1);
      const back = query.replaceAll(/%(..)/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      assert.equal(decodePage(bytes(back), encoding).text, word, encoding);
    }
  }
});

test('a robots.txt in UTF-16 without a mark is read: its zero bytes would be valid UTF-8, and no rule would be', () => {
  const text = 'User-agent: *\nDisallow: /küche\n';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  for (const charset of [undefined, 'utf-8', 'utf-16']) {
    assert.deepEqual(decodeRobots(little, charset), { text, encoding: 'utf-16le' });
    assert.deepEqual(decodeRobots(big, charset), { text, encoding: 'utf-16be' });
  }
});

test('a page of XML in UTF-16 without a mark is read by its first characters, as the HTML Standard says', () => {
  const text = '<?xml version="1.0" encoding="utf-16"?><p>Küche';
  const little = Buffer.from(text, 'utf16le');
  assert.deepEqual(decodePage(little), { text, encoding: 'utf-16le' });
  assert.deepEqual(decodePage(Buffer.from(little).swap16()), { text, encoding: 'utf-16be' });
});

test('of a file that was cut, the last line is left out, whichever sign ends a line', () => {
  const cut = (text: string, encoding: BufferEncoding = 'utf8') =>
    decodeRobots(wholeLines(Buffer.from(text, encoding))).text;
  assert.equal(cut('a: b\nc: d\ne:'), 'a: b\nc: d\n');
  assert.equal(cut('a: b\rc: d\re:'), 'a: b\rc: d\r');
  assert.equal(cut('a: b\r\nc: d\r\ne:'), 'a: b\r\nc: d\r\n');
  assert.equal(cut('a: b\nc: d\ne:', 'utf16le'), 'a: b\nc: d\n');
  assert.equal(cut('a: b'), '');
});
