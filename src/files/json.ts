// JSON from files of any size. A string holds half a billion characters; a run of a few million requests has more, so what is
// too long for a string is read in pieces, as it was written (see json-pieces.ts).
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { UsageError } from '../usage-error.ts';
import { checked, DocumentError, type Schema } from './schema.ts';
import { shownName } from '../printable.ts';
import { typedPath } from './typed-path.ts';

const MIB = 2 ** 20;
/** Files up to this size become one string. The longest that V8 allows is 512 Mi characters. */
export const MOST_IN_A_STRING = 256 * MIB;
const CHUNK_BYTES = MIB;
/**
 * What a saved run takes of the heap for each byte of its text, while it is read and checked. Node 26 read runs of 2.6, 3
 * and 6.2 million spans with 3.2 to 3.6 bytes of heap for each, and ran out of memory with 2.8 to 3.1.
 */
const HEAP_PER_BYTE = 3.5;

/**
 * The value that the JSON file at `path` holds. A file of more than `mostInAString` bytes is read in pieces.
 * @throws {UsageError} that begins with `path` and says what was expected, and what is there instead
 */
export async function readJson<T>(
  path: string,
  schema: Schema<T>,
  mostInAString = MOST_IN_A_STRING,
): Promise<T> {
  try {
    return checked(schema, await parsedFile(typedPath(path), mostInAString));
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError(`${shownName(path)}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${shownName(path)}: cannot be read (${code})`);
  }
}

async function parsedFile(path: string, mostInAString: number): Promise<unknown> {
  await using file = await open(path);
  const found = await file.stat();
  if (found.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
  refuseTooLarge(found.size);
  // A device or a pipe has no size: it may be endless, so it is read like a long file.
  if (found.isFile() && found.size <= mostInAString) return parsedJson(await file.readFile());
  return await parsedInPieces(createReadStream(path, { highWaterMark: CHUNK_BYTES }));
}

/** Without this check, Node would run out of memory and end with a dump that says nothing of the file. */
function refuseTooLarge(bytes: number): void {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  const needed = used + bytes * HEAP_PER_BYTE;
  if (needed <= limit) return;
  const inMiB = (value: number) => `${Math.ceil(value / MIB)} MiB`;
  throw new DocumentError(
    `expected a file that fits into memory, got ${inMiB(bytes)}, which take ${inMiB(needed)} of the ${inMiB(limit)} that Node may use; NODE_OPTIONS=--max-old-space-size=${Math.ceil(needed / MIB)} allows more`,
  );
}

/**
 * The value of a JSON text, in UTF-8 or, if it begins with a mark that says so, in UTF-16: Windows PowerShell writes
 * that for `>`.
 * @throws {DocumentError} if it is no JSON
 */
export function parsedJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new DocumentError('expected JSON, got bytes that are no text');
  }
  if (text.trim() === '') throw new DocumentError('expected JSON, got an empty file');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noJson(error);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

const noJson = (error: unknown): DocumentError =>
  new DocumentError(`expected JSON, got something else: ${(error as Error).message}`);

async function parsedInPieces(chunks: AsyncIterable<Buffer>): Promise<unknown> {
  // Imported here and not above: few files are so long.
  const { JSONParser } = await import('@streamparser/json');
  const parser = new JSONParser({ paths: ['$'], keepStack: false });
  const found: unknown[] = [];
  parser.onValue = ({ value }) => {
    found.push(value);
  };
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = isFirst && chunk.indexOf('\uFEFF') === 0 ? chunk.subarray(3) : chunk;
    isFirst = false;
    try {
      parser.write(text);
    } catch (error) {
      throw noJson(error);
    }
  }
  if (found.length === 0) throw new DocumentError('expected JSON, got a part of it');
  return found[0];
}
