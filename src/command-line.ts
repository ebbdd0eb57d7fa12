// What all our command lines share: exit codes, errors in one line, and Ctrl-C as an AbortSignal. 0 is done,
// 1 that something failed, 2 a wrong command line, 3 that the run decides nothing, 130 interrupted.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { outputFailure, outputSettled, watchOutput } from './output.ts';
import { oneLine } from './printable.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a command did: `failed` ends the process with 1. An exception does the same, with its message. `undecided` is
 * neither success nor failure: what was measured on a busy machine proves nothing, and the process ends with 3.
 */
export type Result = 'done' | 'failed' | 'undecided' | ExitCode;

/** A command that ran a program of the reader's ends as that did. */
export interface ExitCode {
  readonly exitCode: number;
}

export type Action<Arguments extends unknown[]> = (
  signal: AbortSignal,
  ...rest: Arguments
) => Promise<Result>;

const EXIT = { done: 0, failed: 1, usage: 2, undecided: 3, interrupted: 130 } as const;

let isOutputAll = true;

/** A command that leaves files calls this: it goes on to its end also when nobody can read any more what it prints. */
export function outputIsNotAll(): void {
  isOutputAll = false;
}

/** A commander Command whose errors `main` turns into one line. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}

/** After an interrupt everything is put away long before so many milliseconds have passed, or something hangs. */
const LAST_RESORT_MS = 15_000;

/**
 * Ends the process as the signal would without us. `process.exit` waits for the threads behind Node's file functions, and
 * one that opens a named pipe, or reads from a network share that hangs, never comes back.
 */
function endAtOnce(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/**
 * Runs `program` with the process's arguments and sets its exit code. `bind` wraps a command's action so that it
 * gets the signal of Ctrl-C first. A second Ctrl-C ends the process at once.
 */
export async function main(build: (bind: Bind) => Command): Promise<void> {
  const interrupt = new AbortController();
  let lastResort: NodeJS.Timeout | undefined;
  const onInterrupt = (signal: NodeJS.Signals) => {
    if (interrupt.signal.aborted) endAtOnce(signal);
    interrupt.abort(new Error('interrupted'));
    lastResort = setTimeout(() => endAtOnce(signal), LAST_RESORT_MS).unref();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const nobodyReads = new Error('nobody can read the output any more');
  watchOutput(() => {
    if (isOutputAll) interrupt.abort(nobodyReads);
  });
  let result = 'done' as Result;
  const bind: Bind =
    (action) =>
    async (...rest) => {
      result = await action(interrupt.signal, ...rest);
    };
  try {
    await build(bind).parseAsync();
    process.exitCode = typeof result === 'string' ? EXIT[result] : result.exitCode;
  } catch (error) {
    process.exitCode = report(error);
  } finally {
    clearTimeout(lastResort);
    process.removeListener('SIGINT', onInterrupt);
    process.removeListener('SIGTERM', onInterrupt);
  }
  await outputSettled();
  const { aborted, reason } = interrupt.signal;
  if (aborted) process.exitCode = reason === nobodyReads ? EXIT.done : EXIT.interrupted;
  const failure = outputFailure();
  if (failure !== undefined) {
    process.stderr.write(`error: ${failure}\n`);
    process.exitCode = EXIT.failed;
  }

  function report(error: unknown): number {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const isUsage = error instanceof CommanderError || error instanceof UsageError;
    process.stderr.write(`error: ${oneLine(messageOf(error))}\n`);
    return isUsage ? EXIT.usage : EXIT.failed;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof CommanderError)) return error instanceof Error ? error.message : String(error);
  const message = error.message.replace(/^error: /, '');
  if (error.code === 'commander.invalidArgument') return valueMessage(message);
  // commander names what is near. Where nothing is near, the reader learns where to look.
  const isUnknown = error.code.startsWith('commander.unknown') && !message.includes('Did you mean');
  return isUnknown ? `${message}; --help lists what there is` : message;
}

/** commander puts a long sentence before ours. What remains is `--requests: expected a whole number, got "x"`. */
const VALUE_MESSAGE =
  /^(?:option '(?:-\w, )?(?<option>--[\w-]+).*?' argument|command-argument value) '(?<value>.*)' is invalid(?: for argument '(?<argument>[\w-]+)')?\. (?<rest>.*)$/s;

function valueMessage(message: string): string {
  const { option, argument, value, rest } = VALUE_MESSAGE.exec(message)?.groups ?? {};
  if (rest === undefined) return message;
  const [, choices] = /^Allowed choices are (.*)\.$/s.exec(rest) ?? [];
  const sentence =
    choices === undefined
      ? rest.replace(/\.$/, '')
      : `expected one of ${choices}, got ${JSON.stringify(value)}`;
  return `${option ?? argument}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

type Bind = <Arguments extends unknown[]>(action: Action<Arguments>) => (...rest: Arguments) => Promise<void>;

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** A parser of option values for commander: a number in plain decimal notation, inside the range. */
export function numberIn({ min, max, integer = true }: NumberRange): (text: string) => number {
  return (text) => {
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
    const kind = integer ? 'a whole number' : 'a number';
    throw new InvalidArgumentError(`Expected ${kind} from ${min} to ${max}, got ${JSON.stringify(text)}.`);
  };
}
