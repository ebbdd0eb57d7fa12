// The end of a block with `await using` waits for what closes.
import { gate, keep, ready } from './gates.mjs';

class Till {
  async [Symbol.asyncDispose]() {
    await gate();
  }
}
async function evening() {
  await using till = new Till();
  keep(till);
}

keep(evening());
ready();

/* shows, from Node 24:
evening 11:3
  (anonymous) 6:5
    ? (its resolver is in opened[])
*/
