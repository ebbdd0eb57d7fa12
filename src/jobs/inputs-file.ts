// The inputs of own work from a file: one a line, or the items of a JSON array.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parsedJson } from '../files/json.ts';
import { OwnWorkError, reasonOf, shown } from './own-work.ts';

/** The inputs in the file at `path`. Lines are read one by one, as they are drawn. @throws {OwnWorkError} */
export async function inputsIn(path: string): Promise<readonly unknown[] | AsyncIterable<string>> {
  return /\.json$/i.test(path) ? itemsIn(path) : linesIn(path);
}

async function itemsIn(path: string): Promise<readonly unknown[]> {
  let found: unknown;
  try {
    found = parsedJson(await readFile(path));
  } catch (error) {
    throw new OwnWorkError(`--inputs: ${reasonOf(error)}`, { cause: error });
  }
  if (!Array.isArray(found)) throw new OwnWorkError(`--inputs: expected a JSON array, got ${shown(found)}`);
  return found;
}

async function* linesIn(path: string): AsyncGenerator<string, void> {
  const stream = createReadStream(path);
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } catch (error) {
    throw new OwnWorkError(`--inputs: ${reasonOf(error)}`, { cause: error });
  } finally {
    stream.destroy();
  }
}
