// Who sends and computes in the rows of runtimes: Node with each of its HTTP clients, and every other runtime with its fetch.
import { fileURLToPath } from 'node:url';
import { trialEnvironment } from '../../../src/measure/compile-cache.ts';
import type { Program } from '../foreign.ts';
import type { FetchMore } from './fetch.ts';
import { programOf, type Runtime } from './find.ts';
import { RUNTIMES } from './kinds.ts';

/** A runtime with one of its HTTP clients. */
export interface Client {
  /** Its name, with which its rows begin. */
  readonly called: string;
  readonly client: FetchMore['client'];
  /** Whether it has rows that compute, too. If a runtime has two clients, only the first one has. */
  readonly computes: boolean;
  /** One of our programs, run by it. */
  program(file: string): Program;
}

export const NODE: readonly Client[] = [
  { called: 'Node', client: 'fetch', computes: true, program: nodeProgram },
  { called: 'Node with undici', client: 'undici', computes: false, program: nodeProgram },
];

function nodeProgram(file: string): Program {
  const module = fileURLToPath(new URL(file, import.meta.url));
  const { NODE_COMPILE_CACHE: cache = '' } = trialEnvironment();
  return {
    called: 'Node',
    command: process.execPath,
    args: [module],
    environment: { NODE_COMPILE_CACHE: cache },
  };
}

export const clientOf = (runtime: Runtime): Client => ({
  called: RUNTIMES[runtime.name].called,
  client: 'fetch',
  computes: true,
  program: (file) => programOf(runtime, file),
});
