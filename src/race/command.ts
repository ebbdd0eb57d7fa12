// `npm run race`: serves the page until Ctrl-C.
import { basename } from 'node:path';
import { once } from 'node:events';
import type { Result } from '../command-line.ts';
import { print } from '../output.ts';
import { readJson } from '../files/json.ts';
import { runDocument } from '../report/document.ts';
import { UsageError } from '../usage-error.ts';
import { ChildError } from '../child.ts';
import { openBrowser } from './open-browser.ts';
import { replayOf } from './replay.ts';
import { serveRace } from './server.ts';

export interface RaceFlags {
  readonly port: number;
  readonly apiPort: number;
  readonly open?: boolean;
}

export async function runRaceCommand(
  signal: AbortSignal,
  file: string | undefined,
  { port, apiPort, open = false }: RaceFlags,
): Promise<Result> {
  const replay = file === undefined ? undefined : replayOf(basename(file), await readJson(file, runDocument));
  if (replay?.comparisons.length === 0) throw new UsageError(`${file}: holds no comparison to play`);
  await using server = await serveRace({ port, apiPort, signal, replay }).catch((error: unknown) => {
    throw portTrouble(error, { port, apiPort });
  });
  const orders =
    server.apiOrigin === undefined ? [] : [`any client can ask: ${server.apiOrigin}/NAME/orders/7`];
  print([`the race is on ${server.origin}`, ...orders, 'Ctrl-C ends it']);
  if (open) {
    await openBrowser(server.origin).catch((error: NodeJS.ErrnoException) => {
      process.stderr.write(
        `no browser could be opened (${error.code ?? error.message}); open the address yourself\n`,
      );
    });
  }
  if (!signal.aborted) await once(signal, 'abort');
  return 'done';
}

/** A port that is taken is an error of the command line. That goes for both ports. */
function portTrouble(error: unknown, { port, apiPort }: RaceFlags): unknown {
  const cannot = (option: string, number: number, code: string) =>
    new UsageError(
      `${option}: port ${number} cannot be used (${code}); choose another, or 0 for any free one`,
    );
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' || code === 'EACCES') return cannot('--port', port, code);
  const ofApi = error instanceof ChildError ? /EADDRINUSE|EACCES/.exec(error.message)?.[0] : undefined;
  return ofApi === undefined ? error : cannot('--api-port', apiPort, ofApi);
}
