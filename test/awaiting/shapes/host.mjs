// Loads the programs that it is given, all into one process, and says when all of them stand where they stay.
import { setImmediate as turn } from 'node:timers/promises';
import { allReady } from './gates.mjs';

const files = process.argv.slice(2);
// A module that waits at its top level is never loaded to the end.
for (const file of files)
  import(file).catch((error) =>
    setImmediate(() => {
      throw error;
    }),
  );
await allReady(files.length);
// A stream that was asked for data needs some turns until it waits for more.
for (let turns = 0; turns < 20; turns++) await turn();
setInterval(() => {}, 1e6);
console.log('waiting');
