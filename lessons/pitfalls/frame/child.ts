// Where the child of `ownProcess` starts: it loads the module, calls its `wrong` or `right`, and runs the body that
// stands there. At top level, so that a body that never settles ends with Node's exit code for that, 13.
import { bodyOfChild } from './own-process.ts';

const [, , module, version] = process.argv;
const pitfall = (await import(module!)) as Record<string, () => Promise<unknown>>;
void pitfall[version!]!();
const body = await bodyOfChild.promise;
await body();
