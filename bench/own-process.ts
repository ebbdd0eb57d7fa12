// Runs a case in a process of its own. There it finds no garbage of another case, and no code that was compiled for
// another one. The case is named by its module and function, because a process cannot receive a closure.
import { startChild } from '../src/child.ts';
import { trialEnvironment } from '../src/measure/compile-cache.ts';
import type { Findings } from './findings.ts';

export interface OwnProcessSettings {
  readonly module: string;
  readonly measure: string;
  readonly input: unknown;
}

/**
 * Calls the export `measure` of `module` with `input` in a fresh process.
 * @throws {ChildError} if the process ends without findings; the signal's reason
 */
export async function inOwnProcess(
  module: string,
  measure: string,
  input: unknown,
  signal: AbortSignal,
): Promise<Findings> {
  const settings: OwnProcessSettings = { module, measure, input };
  await using child = startChild(new URL('./case-process.ts', import.meta.url), settings, {
    signal,
    env: trialEnvironment(),
  });
  return await child.receive<Findings>();
}
