// Loaded before a trial. Notes in the file NOTES, in their order, when the trial counts the peak of its memory anew, which it does
// as it takes the baseline, and when it connects.
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { appendFileSync, writeFileSync } = fs;
const note = (what) => appendFileSync(process.env.NOTES, `${what}\n`);

fs.writeFileSync = (path, ...words) => {
  if (path === '/proc/self/clear_refs') note('memory');
  return writeFileSync(path, ...words);
};
syncBuiltinESMExports();
subscribe('net.client.socket', () => note('connection'));
