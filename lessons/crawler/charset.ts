// Bytes that come from a stranger become text here and nowhere else. The query of a link becomes bytes again, in the
// encoding of its page. Encodings and their names are those of the Encoding Standard (encoding.spec.whatwg.org).
import { isUtf8 } from 'node:buffer';
import { readTags } from './tags.ts';

export interface DecodedText {
  readonly text: string;
  /** The encoding's name in the standard, for instance `windows-1252` where the page said `latin1`. */
  readonly encoding: string;
}

/** A page declares its encoding near its start. The standard looks at 1,024 bytes; browsers look further. */
const DECLARED_WITHIN_BYTES = 16 * 1024;

/**
 * A page as a browser reads it. A byte order mark is believed first, then `charset` (of the Content-Type header), then
 * the page's own `<meta>`. A page without any of them is UTF-8, or, where it cannot be, windows-1252.
 */
export function decodePage(bytes: Uint8Array, charset?: string): DecodedText {
  const encoding =
    encodingOfMark(bytes) ?? encodingNamed(charset) ?? encodingInPage(bytes) ?? encodingOfContent(bytes);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

/**
 * A robots.txt. RFC 9309 says that it is UTF-8, whatever its header says. Only a file that is no UTF-8 is read as its
 * header says: a rule that we cannot read would be a rule that we break.
 */
export function decodeRobots(bytes: Uint8Array, charset?: string): DecodedText {
  const encoding =
    encodingOfMark(bytes) ??
    encodingOfZeros(bytes) ??
    (isUtf8(bytes) ? 'utf-8' : (encodingNamed(charset) ?? 'windows-1252'));
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

/** A robots.txt that was cut, without its last line: half a rule is another rule. Old files end their lines with CR alone. */
export function wholeLines(bytes: Uint8Array): Uint8Array {
  const end = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1;
  // In UTF-16, low byte first, a zero byte belongs to the line end.
  return bytes.subarray(0, end > 0 && bytes[end] === 0 ? end + 1 : end);
}

const LF = 0x0a;
const CR = 0x0d;

/** UTF-16 without a mark: every other byte of ASCII is zero, which is valid UTF-8, and no text at all. */
function encodingOfZeros([first, second]: Uint8Array): string | undefined {
  if (first !== 0 && second === 0) return 'utf-16le';
  return first === 0 && second !== 0 && second !== undefined ? 'utf-16be' : undefined;
}

function encodingOfMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return undefined;
}

/** Undefined for a name that the standard does not know, which browsers ignore. */
function encodingNamed(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** `<meta charset>`, `<meta http-equiv="content-type">`, or the first line of XHTML. */
function encodingInPage(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARED_WITHIN_BYTES));
  if (start.startsWith('<\0?\0x\0')) return 'utf-16le';
  if (start.startsWith('\0<\0?\0x')) return 'utf-16be';
  const [, ofXml] = /^<\?xml\s[^>]*encoding\s*=\s*["']\s*([^"'\s]+)/.exec(start) ?? [];
  let declared = encodingNamed(ofXml);
  readTags(start, {
    onTag(name, attributes) {
      if (name !== 'meta') return;
      const isContentType = attributes.get('http-equiv')?.trim().toLowerCase() === 'content-type';
      const content = isContentType ? attributes.get('content') : undefined;
      const [, inContent] = /charset\s*=\s*["']?\s*([^"'\s;]+)/i.exec(content ?? '') ?? [];
      declared ??= encodingNamed(attributes.get('charset') ?? inContent);
    },
  });
  // In UTF-16 this declaration would not be readable, so the page is something else.
  if (declared?.startsWith('utf-16')) return 'utf-8';
  return declared === 'x-user-defined' ? 'windows-1252' : declared;
}

const encodingOfContent = (bytes: Uint8Array) => (isUtf8(bytes) ? 'utf-8' : 'windows-1252');

/**
 * A link as it stands on a page, ready for `new URL`. A browser sends the letters of a query in the encoding of the page,
 * and all other parts of the address in UTF-8: `?q=ü` is `?q=%FC` on a page in latin1. A character that the encoding
 * does not have is sent as `&#N;`.
 */
export function withQueryIn(encoding: string, href: string): string {
  if (encoding.startsWith('utf-')) return href; // UTF-16 too: there browsers send UTF-8
  const [beforeHash = ''] = href.split('#', 1);
  const queryAt = beforeHash.indexOf('?');
  if (queryAt < 0) return href;
  const query = beforeHash.slice(queryAt).toWellFormed();
  const encoder = encoderOf(encoding);
  return (
    href.slice(0, queryAt) +
    query.replaceAll(/[^\p{ASCII}]+/gu, (run) => inPercents(encoder, run)) +
    href.slice(beforeHash.length)
  );
}

interface Encoder {
  readonly bytesOf: (character: string) => readonly number[] | undefined;
  /** The bytes that switch from ASCII to other characters, and back. Only ISO-2022-JP needs them. */
  readonly shiftOut: readonly number[];
  readonly shiftIn: readonly number[];
}

/** `run` holds no ASCII. */
function inPercents({ bytesOf, shiftOut, shiftIn }: Encoder, run: string): string {
  const bytes: number[] = [];
  let isShifted = false;
  const shift = (to: boolean) => {
    if (isShifted !== to) bytes.push(...(to ? shiftOut : shiftIn));
    isShifted = to;
  };
  for (const character of run) {
    const encoded = bytesOf(character);
    shift(encoded !== undefined);
    bytes.push(...(encoded ?? Buffer.from(`%26%23${character.codePointAt(0)}%3B`)));
  }
  shift(false);
  // The second byte of a character may be ASCII, as `\` is in Shift_JIS. It is sent as a query sends ASCII.
  const isSent = (byte: number) => byte > 0x20 && byte < 0x7f && !`"#'<>`.includes(String.fromCharCode(byte));
  return bytes
    .map((byte) =>
      isSent(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

const ESCAPE = 0x1b;
const TO_JIS = [ESCAPE, 0x24, 0x42];
const TO_ASCII = [ESCAPE, 0x28, 0x42];
const MULTIBYTE = new Set(['big5', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'iso-2022-jp', 'shift_jis']);
/** Big5 has these characters twice. They are sent in their second form. */
const LAST_OF_BIG5 = new Set('═╞╡╪十卅');
const encoders = new Map<string, Encoder>();

function encoderOf(encoding: string): Encoder {
  const known = encoders.get(encoding);
  if (known) return known;
  const encoder = newEncoder(encoding);
  encoders.set(encoding, encoder);
  return encoder;
}

/** JavaScript encodes UTF-8 only, but it decodes every encoding. So the table is made backwards, by decoding all there is. */
function newEncoder(encoding: string): Encoder {
  const decoder = new TextDecoder(encoding);
  const isShifting = encoding === 'iso-2022-jp';
  const table = new Map<string, readonly number[]>();
  for (const bytes of sequencesOf(encoding)) {
    const character = decoder.decode(Uint8Array.from(isShifting ? [...TO_JIS, ...bytes] : bytes));
    const isOne = character.length === (character.codePointAt(0)! > 0xffff ? 2 : 1);
    const isSecondForm = table.has(character) && !(encoding === 'big5' && LAST_OF_BIG5.has(character));
    if (isOne && character > '\u007f' && character !== '\ufffd' && !isSecondForm) {
      table.set(character, bytes);
    }
  }
  if (encoding === 'euc-jp' || encoding === 'shift_jis') {
    table.set('¥', [0x5c]).set('‾', [0x7e]);
  }
  const fullWidthMinus = table.get('－');
  if (fullWidthMinus && !table.has('−')) table.set('−', fullWidthMinus);
  return {
    bytesOf: (character) =>
      table.get(character) ?? (encoding === 'gb18030' ? beyondTheTable(character) : undefined),
    shiftOut: isShifting ? TO_JIS : [],
    shiftIn: isShifting ? TO_ASCII : [],
  };
}

/** All bytes that may stand for one character, except those that a browser reads and never writes. */
function* sequencesOf(encoding: string): Generator<readonly number[]> {
  if (!MULTIBYTE.has(encoding)) {
    for (let byte = 0x80; byte <= 0xff; byte++) yield [byte];
    return;
  }
  if (encoding === 'iso-2022-jp') {
    for (let row = 0x21; row <= 0x7e; row++) for (let cell = 0x21; cell <= 0x7e; cell++) yield [row, cell];
    return;
  }
  if (encoding === 'gbk') yield [0x80]; // the euro
  if (encoding === 'shift_jis') for (let byte = 0xa1; byte <= 0xdf; byte++) yield [byte];
  for (let lead = encoding === 'big5' ? 0xa1 : 0x81; lead <= 0xfe; lead++) {
    const isReadOnly = encoding === 'shift_jis' && (lead === 0xed || lead === 0xee);
    if (!isReadOnly) for (let trail = 0x31; trail <= 0xfe; trail++) yield [lead, trail];
  }
  if (encoding === 'gb18030') for (let pointer = 0; pointer < 39_420; pointer++) yield fourBytes(pointer);
}

/** GB 18030 numbers all characters beyond U+FFFF in their order. */
function beyondTheTable(character: string): readonly number[] | undefined {
  const codePoint = character.codePointAt(0)!;
  return codePoint > 0xffff ? fourBytes(189_000 + codePoint - 0x10000) : undefined;
}

const fourBytes = (pointer: number): readonly number[] => [
  0x81 + Math.floor(pointer / 12_600),
  0x30 + (Math.floor(pointer / 1260) % 10),
  0x81 + (Math.floor(pointer / 10) % 126),
  0x30 + (pointer % 10),
];
