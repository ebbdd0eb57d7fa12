// Own work: a module of the reader, which runs like one of our jobs. This file has the contract of such a module. It also
// loads a module, and says what is wrong if the module does not keep the contract.
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';

/**
 * What a module exports so that the workbench can run it. Every export but the task is optional:
 *
 *     export const inputs: OwnWork<string>['inputs'] = ['https://example.com/1', 'https://example.com/2'];
 *     export const task: OwnWork<string>['task'] = async (url, signal) => (await fetch(url, { signal })).text();
 *
 * Every approach runs it in processes and threads of its own, and each of them loads the module anew. So a variable of the
 * module lives for one run, in one thread.
 */
export interface OwnWork<Input = unknown, Output = unknown, Resource = undefined> {
  /**
   * The work on one input; it may also be the default export. It may return its result or a promise for it. `signal` aborts
   * when the time is up (`--timeout`) or the run ends. A task that takes time hands it on, or stops when it aborts.
   * `resource` is what `setUp` returned.
   */
  readonly task: (input: Input, signal: AbortSignal, resource: Resource) => Output | PromiseLike<Output>;
  /**
   * What there is to do: an array, any iterable or async iterable, or a function that returns one, such as a generator. It
   * may be endless: only as many are drawn as are needed (`--requests`). `--inputs FILE` takes its place. Only an input that
   * `structuredClone` can copy can be sent to a worker thread.
   */
  readonly inputs?: Inputs<Input> | (() => Inputs<Input> | PromiseLike<Inputs<Input>>);
  /**
   * Makes what all tasks of a thread share: a connection, a database, a browser. It is disposed when the run ends, by its
   * `Symbol.asyncDispose` or `Symbol.dispose`, if it has one.
   */
  readonly setUp?: () => Resource | PromiseLike<Resource>;
}

export type Inputs<Input> = Iterable<Input> | AsyncIterable<Input>;

/** The endings of a module that Node can load. */
export const MODULE_NAME = /\.m?[jt]s$/;

/** What is wrong with a module of the reader's, in words for its author. */
export class OwnWorkError extends Error {
  override readonly name = 'OwnWorkError';
}

/** A module that keeps the contract. */
export type LoadedWork = OwnWork<unknown, unknown, unknown>;

/**
 * Loads the module at `path`, an absolute one.
 * @throws {OwnWorkError} if it cannot be loaded, has no task, or exports something else than the contract says
 */
export async function loadOwnWork(path: string): Promise<LoadedWork> {
  const found = await inWords('could not be loaded', () => importModule(path));
  const task =
    typeof found['default'] === 'function' ? found['default'] : (found['task'] ?? found['default']);
  if (typeof task !== 'function') {
    throw new OwnWorkError(
      `exports no task: expected a function as default or as "task", got ${shown(task)}`,
    );
  }
  const { setUp, inputs } = found;
  if (setUp !== undefined && typeof setUp !== 'function') {
    throw new OwnWorkError(`setUp: expected a function, got ${shown(setUp)}`);
  }
  return { task, inputs, setUp } as LoadedWork;
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  // A module of CommonJS has all that it exports in one default.
  const found = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  const common = found['default'];
  const isNamespace = typeof common === 'object' && common !== null && 'task' in common;
  return isNamespace ? { ...found, ...(common as object) } : found;
}

/**
 * The first `most` inputs, in their order, and how many there are in all: undefined where nobody can tell without drawing
 * another one.
 * @throws {OwnWorkError} if there are none, or if drawing them fails
 */
export async function drawInputs(
  source: LoadedWork['inputs'],
  most: number,
): Promise<{ readonly inputs: readonly unknown[]; readonly inAll: number | undefined }> {
  if (source === undefined) throw new OwnWorkError('has no inputs: export "inputs", or give --inputs FILE');
  const made = await inWords('inputs', async () => (typeof source === 'function' ? source() : source));
  if (typeof made === 'string' || !isIterable(made)) {
    throw new OwnWorkError(`inputs: expected an array, an iterable or a generator, got ${shown(made)}`);
  }
  const inputs: unknown[] = [];
  await inWords(
    () => (inputs.length === 0 ? 'inputs' : `inputs, after the first ${inputs.length}`),
    async () => {
      for await (const input of made) {
        inputs.push(input);
        if (inputs.length >= most) break;
      }
    },
  );
  if (inputs.length === 0) throw new OwnWorkError('inputs: expected at least one, got none');
  const isCounted = Array.isArray(made) || inputs.length < most;
  return { inputs, inAll: isCounted ? (Array.isArray(made) ? made.length : inputs.length) : undefined };
}

const isIterable = (value: unknown): value is Inputs<unknown> =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);

/** What `setUp` made, with its end. @throws {OwnWorkError} if `setUp` throws */
export async function setUpOf({
  setUp,
}: LoadedWork): Promise<{ readonly resource: unknown } & AsyncDisposable> {
  const resource = await inWords('setUp', async () => setUp?.());
  return {
    resource,
    async [Symbol.asyncDispose]() {
      const { [Symbol.asyncDispose]: later, [Symbol.dispose]: atOnce } = Object(resource) as Partial<
        AsyncDisposable & Disposable
      >;
      if (later) await later.call(resource as AsyncDisposable);
      else atOnce?.call(resource as Disposable);
    },
  };
}

/** What `act` returns; what it throws becomes a sentence. */
async function inWords<Result>(what: string | (() => string), act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OwnWorkError) throw error;
    const name = typeof what === 'string' ? what : what();
    throw new OwnWorkError(`${name}: ${reasonOf(error)}`, { cause: error });
  }
}

/** An error in its own words, with the class that it has. Anything can be thrown. */
export function reasonOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `threw ${shown(error)}`;
    return error.message === '' ? error.name : `${error.name}: ${error.message}`;
  } catch {
    return 'threw something that cannot be put into words';
  }
}

/** A value in one short line. */
export const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 60 });
