// Own work on the command line: which module is meant, what it has to do, and how many calls of it a plan makes. A call may
// cost the reader something, so they are told the number before the first one.
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { typedPath } from '../files/typed-path.ts';
import type { OwnJobSettings } from '../jobs/job.ts';
import { MODULE_NAME, OwnWorkError } from '../jobs/own-work.ts';
import { natureOf, type Nature, type Probe } from '../measure/nature.ts';
import {
  startProbe,
  type Found,
  type ProbeSettings,
  type StartedProbe,
  type Tried,
} from '../measure/probe.ts';
import { oneLine } from '../printable.ts';
import { UsageError } from '../usage-error.ts';

/** What is asked of own work, whatever is done with it. */
export interface OwnFlags {
  readonly inputs?: string;
  readonly kind?: Nature;
  readonly most: number;
  readonly timeout: number;
  readonly retries: number;
  readonly dryRun?: boolean;
}

/** A module on the command line, before anybody looked into it. */
export interface OwnModule {
  /** As it was typed. */
  readonly file: string;
  readonly name: string;
  readonly path: string;
  readonly inputsFile?: string | undefined;
  readonly inputsPath?: string | undefined;
}

/** @throws {UsageError} if there is no such module, or no such file of inputs */
export async function ownModule(file: string, { inputs }: Pick<OwnFlags, 'inputs'>): Promise<OwnModule> {
  if (!MODULE_NAME.test(file)) {
    throw new UsageError(`${file}: expected a module whose name ends with .ts, .mts, .js or .mjs`);
  }
  const path = typedPath(file);
  await expectFile(path, file);
  const inputsPath = inputs === undefined ? undefined : typedPath(inputs);
  if (inputsPath !== undefined) await expectFile(inputsPath, `--inputs ${inputs}`);
  return { file, name: basename(file), path, inputsFile: inputs, inputsPath };
}

async function expectFile(path: string, name: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`;
    throw new UsageError(`${name}: ${why}; looked for ${path}`);
  });
  if (!found.isFile() && !found.isFIFO()) throw new UsageError(`${name}: is no file`);
}

/** What a thread or process opens the module with. `costMs` is not known before a task has run. */
export const ownJob = (
  { path, inputsPath }: OwnModule,
  { timeout }: Pick<OwnFlags, 'timeout'>,
  inputs: number,
): OwnJobSettings => ({
  kind: 'own',
  job: 'own-work',
  path,
  inputsPath,
  inputs,
  costMs: Infinity,
  timeoutMs: timeout,
});

/** Looks into the module, without calling its task. @throws {Error} with one line that begins with the module's name */
export async function look(
  { name }: OwnModule,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<StartedProbe> {
  return named(name, startProbe(settings, signal));
}

/** The same for a few calls of the task. */
export const tryOut = ({ name }: OwnModule, probe: StartedProbe): Promise<Tried> => named(name, probe.run());

/** A fault of the reader's module, which they know by its name. */
async function named<Result>(name: string, looking: Promise<Result>): Promise<Result> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof OwnWorkError)) throw error;
    throw new Error(oneLine(`${name}: ${error.message}`), { cause: error });
  }
}

/** Whether the work waits or computes: what `--kind` says, or else what the probe measured. */
export const natureFor = (probe: Probe, { kind }: Pick<OwnFlags, 'kind'>): Nature => kind ?? natureOf(probe);

/** The number of threads without `--threads`. Work that computes gets one for each core, other work one for each lane. */
export const threadsFor = (nature: Nature, concurrency: number, requests: number): number =>
  nature === 'computes' ? availableParallelism() : Math.min(concurrency, requests);

/** @throws {UsageError} for a number that would put more in flight than is allowed */
export function refuseMoreThan(most: number, numbers: Readonly<Record<string, number | undefined>>): void {
  for (const [option, value] of Object.entries(numbers)) {
    if (value === undefined || value <= most) continue;
    throw new UsageError(
      `${option} ${value}: more than may be in flight at once; --most ${value} allows it (now ${most})`,
    );
  }
}

/** Inputs in words: `40 of 500 inputs`. */
export function inputsText({ inputs, inAll }: Found): string {
  return inAll !== undefined && inAll > inputs
    ? `the first ${inputs} of ${inAll} inputs`
    : `${inputs} ${inputs === 1 ? 'input' : 'inputs'}`;
}
