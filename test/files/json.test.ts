// JSON in pieces: what is written is what JSON.stringify would write, and what is read may be anything.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { assert as check, jsonValue, property } from 'fast-check';
import * as v from 'valibot';
import { jsonPieces, readJson } from '../../src/files/json.ts';
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

const LARGE = 300 * 2 ** 20;

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
    return true;
  });
});

test('a file too long for one string is read in pieces when it is JSON, and a truncated one is refused', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'json-'));
  const path = join(folder.path, 'large.json');
  {
    await using file = await open(path, 'w');
    await file.write('\uFEFF{"rows":[1,2]');
    const blanks = Buffer.alloc(2 ** 20, ' ');
    for (let mebibyte = 0; mebibyte < 257; mebibyte++) await file.write(blanks);
    await file.write(',"last":true}\n');
  }
  assert.deepEqual({ ...((await readJson(path, anything)) as object) }, { rows: [1, 2], last: true });
  {
    await using file = await open(path, 'r+');
    await file.truncate(256.5 * 2 ** 20);
  }
  await assert.rejects(readJson(path, anything), /large\.json: expected JSON, got a part of it/);
});

test('a file that memory has no room for is refused by its size, before it is read', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'json-'));
  const path = join(folder.path, 'large.json');
  {
    await using file = await open(path, 'w');
    await file.truncate(200 * 2 ** 20);
  }
  const code = `
    import { readJson } from ${JSON.stringify(new URL('../../src/files/json.ts', import.meta.url).href)};
    import { record, text } from ${JSON.stringify(new URL('../../src/files/schema.ts', import.meta.url).href)};
    await readJson(${JSON.stringify(path)}, record(text)).catch(({ message }) => console.log(message));`;
  const args = ['--max-old-space-size=100', '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  assert.match(stdout, /large\.json: expected a file that fits into memory, got 200 MiB, which take /);
});
