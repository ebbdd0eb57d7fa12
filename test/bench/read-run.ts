// Reads a suite's run from a text, as `bench -- report` reads it from a file.
import { suiteRun } from '../../bench/saved.ts';
import { parsedJson } from '../../src/files/json.ts';
import { checked } from '../../src/files/schema.ts';

export const runFrom = (text: string) => checked(suiteRun, parsedJson(Buffer.from(text)));
