// Plays one version of a pitfall while a debugger is attached. It opens its inspector itself: an option of Node would
// be handed on to the worker threads, and they would wait for a debugger too.
import { open, waitForDebugger } from 'node:inspector';
import type { ProcessPitfall } from '../../../lessons/pitfalls/frame/own-process.ts';
import type { Pitfall, VersionName } from '../../../lessons/pitfalls/frame/pitfall.ts';

const [, , module, version] = process.argv as [string, string, string, VersionName];
// Loaded before the debugger comes: V8 would tell it of each module, and that costs more than the module.
const { pitfall } = (await import(module)) as { readonly pitfall: Pitfall | ProcessPitfall };
open(0, '127.0.0.1');
waitForDebugger();
await ('scenes' in pitfall ? pitfall.scenes : pitfall)[version]();
