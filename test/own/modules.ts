// Modules of a reader, written to a folder of the test, and the command line that is given them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { OwnJobSettings } from '../../src/jobs/job.ts';
import { trialEnvironment } from '../../src/measure/compile-cache.ts';
import { ROOT, type Ending } from '../processes.ts';

// An import of it would load fetch too, in each file of tests that uses this one: 40 ms.
const { createServer } = process.getBuiltinModule('node:http');

export interface Folder extends AsyncDisposable {
  readonly path: string;
  write(name: string, source: string): Promise<string>;
}

/** A folder with a blank in its name, outside of the project. */
export async function folder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'own work '));
  return {
    path,
    async write(name, source) {
      await writeFile(join(path, name), source);
      return name;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

export interface Started {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  hasEnded(): boolean;
  readonly ended: Promise<Ending>;
}

/** Starts the command line in `cwd`. */
export function start(cwd: string, ...args: readonly string[]): Started {
  const child = spawn(process.execPath, [join(ROOT, 'src/cli.ts'), ...args], {
    cwd,
    env: trialEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([stdout, stderr, [code]]) => ({ code: (code as number | null) ?? -1, stdout, stderr }),
  );
  return {
    pid: child.pid!,
    kill: (signal) => void child.kill(signal),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended,
  };
}

export const run = (cwd: string, ...args: readonly string[]): Promise<Ending> => start(cwd, ...args).ended;

/** A busy machine may take long to start a process: nothing that ends is to run into this. */
export const LONG_MS = 60_000;

/** The module at `path` as threads and processes open it. */
export const ownJobAt = (path: string): OwnJobSettings => ({
  kind: 'own',
  job: 'own-work',
  path,
  inputs: 20,
  costMs: Infinity,
  timeoutMs: LONG_MS,
});

/** What the server of a reader sees of their task. */
export interface FarSide extends AsyncDisposable {
  readonly origin: string;
  /** Requests that began. */
  calls: number;
  /** Requests that have not ended, and the most of them at one time. */
  inFlight: number;
  mostInFlight: number;
}

/** A server of the reader's: `answer` says with which status a request is answered, and when. */
export async function farSide(answer: (path: string, call: number) => Promise<number>): Promise<FarSide> {
  const server: Server = createServer((request, response) => {
    seen.calls++;
    seen.inFlight++;
    seen.mostInFlight = Math.max(seen.mostInFlight, seen.inFlight);
    response.once('close', () => seen.inFlight--);
    void answer(request.url ?? '', seen.calls).then((status) => response.writeHead(status).end('done'));
  });
  server.listen(0, '127.0.0.1', 1024);
  await once(server, 'listening');
  const seen: FarSide = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: 0,
    inFlight: 0,
    mostInFlight: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return seen;
}

/** A module whose task asks `origin` for each of so many inputs. */
export const askingModule = (origin: string, inputs: number): string => `
export const inputs = Array.from({ length: ${inputs} }, (_, index) => index + 1);
export const task = async (input, signal) => {
  const response = await fetch('${origin}/' + input, { signal });
  await response.arrayBuffer();
  if (!response.ok) throw Object.assign(new Error('status'), { name: 'StatusError', status: response.status });
};
`;
