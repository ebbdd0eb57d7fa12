// What every npm script starts: `node src/run.js PROGRAM.ts ARGUMENTS`. Node 20 cannot even begin to read a program in
// TypeScript, so this file comes first.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keepCode } from './code-cache.js';
import { refuseOldNode } from './node-version.js';

refuseOldNode();
keepCode();
const [node, , program, ...rest] = process.argv;
process.argv = [node, resolve(program), ...rest];
await import(pathToFileURL(resolve(program)).href);
