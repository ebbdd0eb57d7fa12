// The process of the embedded database.
import { receiveSettings } from '../child.ts';
import { UsageError } from '../usage-error.ts';
import { claimFolder } from './data-folder.ts';
import { compilingLate } from './quick-start.ts';
import type { EmbeddedAnswer, EmbeddedCost, EmbeddedQuestion, EmbeddedSettings } from './embedded.ts';

const { folder, port } = await receiveSettings<EmbeddedSettings>();
const answer = (message: EmbeddedAnswer) => process.send!(message);
try {
  const claim = await claimFolder(folder);
  const { servePglite } = await import('./pglite.ts');
  const server = await compilingLate(() => servePglite(folder, port));
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
