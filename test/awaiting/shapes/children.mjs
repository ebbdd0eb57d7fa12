// Child processes: their end, what they print, and execFile, which waits for both.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { keep, ready } from './gates.mjs';

// It ends with this process: its stdin is a pipe to it.
const child = spawn('cat');
const executing = promisify(execFile)('cat');
keep(child, executing);

async function endOfChild() {
  await once(child, 'exit');
}
async function outputOfChild() {
  for await (const chunk of child.stdout) keep(chunk);
}
async function execute() {
  await executing;
}

keep(endOfChild(), outputOfChild(), execute());
ready();

/* shows:
endOfChild 13:3
  event 'exit' of a child process (cat, PID)
outputOfChild 16:20
  event 'readable' of a pipe
execute 19:3
  event 'close' of a child process (cat, PID)
*/
