// Says in one line that this Node is too old. Written in a JavaScript that old versions understand too: they would
// otherwise end with a stack, since Node 20 reads no TypeScript, and Node 22 knows no `await using`.
import { delimiter } from 'node:path';

const NEEDED_MAJOR = 24;

/** Ends the process with 2 if this is an older Node than the workbench needs. */
export function refuseOldNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return;
  // npm puts node_modules/.bin into PATH, and a folder whose path has PATH's own separator in it cannot stand there.
  const advice = process.cwd().includes(delimiter)
    ? `the path of this folder has a "${delimiter}" in it, which hides the Node that comes with the packages: move the folder`
    : 'start it by npm (npm start, npm run …), which takes the Node that comes with the packages';
  process.stderr.write(
    `error: expected Node ${NEEDED_MAJOR} or later, got ${process.versions.node}; ${advice}\n`,
  );
  process.exit(2);
}
