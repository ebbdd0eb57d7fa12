// A module that waits at its top level.
import { gate, keep, ready } from './gates.mjs';

async function open() {
  await gate();
}

keep(open);
ready();
await open();

/* shows:
(top level) 10:1
  open 5:3
    ? (its resolver is in opened[])
*/
