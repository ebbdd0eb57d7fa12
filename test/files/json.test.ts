// JSON in pieces: what is written is what JSON.stringify would write, and what is read may be anything.
import assert from 'node:assert/strict';
import { constants } from 'node:buffer';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { assert as check, jsonValue, property } from 'fast-check';
import * as v from 'valibot';
import { MOST_IN_A_STRING, readJson } from '../../src/files/json.ts';
import { jsonPieces } from '../../src/files/json-pieces.ts';
import { UsageError } from '../../src/usage-error.ts';

const anything = v.unknown();
const written = (value: unknown) => [...jsonPieces(value)].join('');

test('any value is written as JSON.stringify would, but for line breaks between values', () => {
  check(
    property(jsonValue(), (value) => {
      assert.equal(JSON.stringify(JSON.parse(written(value))), JSON.stringify(value));
    }),
  );
  assert.deepEqual(JSON.parse(written({ a: undefined, b: [{ c: undefined, d: [[]] }] })), {
    b: [{ d: [[]] }],
  });
});

test('a long list comes in pieces, each far shorter than the whole', () => {
  const spans = Array.from({ length: 20_000 }, (_, input) => ({ input, startMs: 1.5, outcome: 'ok' }));
  const pieces = [...jsonPieces({ spans })];
  assert.ok(pieces.length > 5);
  assert.ok(pieces.every((piece) => piece.length < 2 ** 17));
  assert.deepEqual(JSON.parse(pieces.join('')), { spans });
});

test('UTF-8 with a byte order mark is read, and so is the UTF-16 that PowerShell writes', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'json-'));
  const path = join(folder.path, 'run.json');
  const text = '\uFEFF{"dish":"Käse"}';
  for (const bytes of [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
  ]) {
    await writeFile(path, bytes);
    assert.deepEqual(await readJson(path, anything), { dish: 'Käse' });
  }
});

const MIB = 2 ** 20;
const LARGE = 300 * MIB;

/** A file of over 256 MiB that takes no room on the disk but for its end: what is not written reads as zeros. */
async function sparse(path: string, start: string, end: string) {
  await using file = await open(path, 'w');
  await file.write(start);
  await file.write(end, LARGE);
}

test('a file too long for one string is refused by name when it is no JSON', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'json-'));
  const path = join(folder.path, 'large.json');
  await sparse(path, '{"rows":', '1}');
  await assert.rejects(readJson(path, anything), (error: Error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /large\.json: expected JSON, got something else: /);
    // These are the words of the parser that takes pieces. JSON.parse would have shown the text itself.
    assert.match(error.message, /at chunk position "8"/);
    return true;
  });
});

test('a file that is read in pieces is JSON over the borders of the pieces, and a truncated one is refused', async () => {
  assert.ok(MOST_IN_A_STRING < constants.MAX_STRING_LENGTH);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'json-'));
  const path = join(folder.path, 'large.json');
  // An odd number of bytes, and then letters of two bytes: the border of a piece goes through a letter.
  const dish = 'ä'.repeat(1.5 * MIB);
  await writeFile(path, `\uFEFF{"rows":[1,2],"dish":"${dish}"}\n`);
  assert.deepEqual({ ...((await readJson(path, anything, MIB)) as object) }, { rows: [1, 2], dish });
  {
    await using file = await open(path, 'r+');
    await file.truncate(2.5 * MIB);
  }
  await assert.rejects(readJson(path, anything, MIB), /large\.json: expected JSON, got a part of it/);
});

test('a file that memory has no room for is refused by its size, before it is read', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'json-'));
  const path = join(folder.path, 'large.json');
  {
    await using file = await open(path, 'w');
    await file.truncate(200 * MIB);
  }
  const code = `
    import { readJson } from ${JSON.stringify(new URL('../../src/files/json.ts', import.meta.url).href)};
    import { record, text } from ${JSON.stringify(new URL('../../src/files/schema.ts', import.meta.url).href)};
    await readJson(${JSON.stringify(path)}, record(text)).catch(({ message }) => console.log(message));`;
  const args = ['--max-old-space-size=100', '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  assert.match(stdout, /large\.json: expected a file that fits into memory, got 200 MiB, which take /);
});
