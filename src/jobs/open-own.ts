// A module of the reader as a job. Like every job it takes numbers: 1 stands for the first input. So the code that measures
// and reports need not know the inputs.
import type { OpenJob, OwnJobSettings } from './job.ts';
import { drawInputs, loadOwnWork, setUpOf } from './own-work.ts';
import { timed } from './timed.ts';

/** The inputs of a run, and how many there are in all; undefined where that is not known without drawing them. */
export interface DrawnInputs {
  readonly inputs: readonly unknown[];
  readonly inAll: number | undefined;
}

export async function drawFor({ path, inputsPath, inputs }: OwnJobSettings): Promise<DrawnInputs> {
  const module = await loadOwnWork(path);
  if (inputsPath === undefined) return drawInputs(module.inputs, inputs);
  // Imported here and not above: every process and thread of own work would keep what checks a file in its memory.
  const { inputsIn } = await import('./inputs-file.ts');
  return drawInputs(() => inputsIn(inputsPath), inputs);
}

/** The module's task on inputs themselves, with its time limit, and what it needs set up. */
export async function openOwnTask(
  { path, timeoutMs }: OwnJobSettings,
  onHanging: (input: unknown) => void,
): Promise<OpenJob<unknown, unknown>> {
  const module = await loadOwnWork(path);
  const setUp = await setUpOf(module);
  return {
    task: timed((input, signal) => module.task(input, signal, setUp.resource), { timeoutMs, onHanging }),
    [Symbol.asyncDispose]: () => setUp[Symbol.asyncDispose](),
  };
}

/** If a run has more tasks than there are inputs, it begins again with the first input. */
export const inputAt = (inputs: readonly unknown[], number: number): unknown =>
  inputs[(number - 1) % inputs.length];
