// The process of the embedded database.
import { setFlagsFromString } from 'node:v8';
import { receiveSettings } from '../child.ts';
import { UsageError } from '../usage-error.ts';
import { claimFolder } from './data-folder.ts';
import type { EmbeddedAnswer, EmbeddedCost, EmbeddedQuestion, EmbeddedSettings } from './embedded.ts';

// V8 compiles a function of WebAssembly again, to fast code, when it has run for so long. By default it does so very early:
// then the compiler takes more than the first hundreds of jobs. This is nearly the most that V8 allows. What runs for longer
// still gets its fast code.
setFlagsFromString('--wasm-tiering-budget=2000000000');

const { folder, port } = await receiveSettings<EmbeddedSettings>();
const answer = (message: EmbeddedAnswer) => process.send!(message);
try {
  const claim = await claimFolder(folder);
  const { servePglite } = await import('./pglite.ts');
  const server = await servePglite(folder, port);
  const tellCost = () => {
    const { user, system } = process.cpuUsage();
    process.send!({ cpuMs: (user + system) / 1000 } satisfies EmbeddedCost);
  };
  const close = async () => {
    await server[Symbol.asyncDispose]();
    await claim[Symbol.asyncDispose]();
    tellCost();
  };
  process.on('message', ({ ask }: EmbeddedQuestion) => {
    if (ask === 'close') void close();
    else tellCost();
  });
  answer({ url: server.url, pid: process.pid });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  answer({ refused: error.message });
}
