// Where a child process starts: it loads a pitfall and plays one of its versions. It waits at top level, so that a
// version that never settles ends with Node's exit code for that, 13.
import { Socket } from 'node:net';
import type { ProcessPitfall } from './own-process.ts';
import type { VersionName } from './pitfall.ts';

// The parent process may die while this version hangs. Then this process must not stay behind.
process.stdin.on('end', () => process.exit(1)).resume();
// Listening must not keep this process alive: that would change what the pitfall shows.
if (process.stdin instanceof Socket) process.stdin.unref();

const [, , module, version] = process.argv;
const { pitfall } = (await import(module!)) as { readonly pitfall: ProcessPitfall };
await pitfall.scenes[version as VersionName]();
