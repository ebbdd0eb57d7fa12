// A named pipe that nobody writes to: every way to open or read it waits in a thread of libuv.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFile as readFileWithCallback, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keep, ready } from './gates.mjs';

const folder = mkdtempSync(join(tmpdir(), 'awaiting-'));
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
process.once('exit', () => rmSync(folder, { recursive: true }));

async function read() {
  await readFile(pipe);
}
async function openPipe() {
  await open(pipe);
}
async function readByCallback() {
  await promisify(readFileWithCallback)(pipe);
}

keep(read(), openPipe(), readByCallback());
ready();

/* shows:
read 16:3
  a file operation
openPipe 19:3
  a file operation
readByCallback 22:3
  a file operation
*/
