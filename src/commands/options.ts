// What the commands share of their options: groups of them, and parsers of their values. Nothing is loaded here but
// names: --help is quick.
import { InvalidArgumentError, type Command } from 'commander';
import { FAULTS, parseFaults } from '../api/faults.ts';
import { parseRate, parseStoves } from '../api/limits.ts';
import { APPROACHES } from '../running/registry.ts';
import { numberIn } from '../command-line.ts';
import { JOBS } from '../jobs/open.ts';
import { UsageError } from '../usage-error.ts';

export const jobs = Object.keys(JOBS);
export const approaches = Object.keys(APPROACHES);
const FAULT_NAMES = Object.keys(FAULTS).join(', ');
export const whole = (min: number, max: number) => numberIn({ min, max });

/** A word that is no option may be meant for a job or for a command. */
export function jobNamed(text: string): string {
  if (jobs.includes(text)) return text;
  throw new InvalidArgumentError(
    `Expected a job (${jobs.join(', ')}) or a command (compare, save, api, report).`,
  );
}

/** Names with commas or blanks between them. commander hands over what it has, which at first is the default. */
export function approachesNamed(text: string, before: readonly string[]): string[] {
  const names = text.split(',');
  const wrong = names.find((name) => !approaches.includes(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`Expected ${approaches.join(', ')}, got ${JSON.stringify(wrong)}.`);
  }
  return [...(before === approaches ? [] : before), ...names];
}

/** How the client behaves towards an API that does not answer, or not well. */
export function clientOptions(on: Command): Command {
  return on
    .option('--timeout <ms>', 'how long a request may take, body included', whole(1, 3_600_000), 10_000)
    .option(
      '--retries <count>',
      'repeats that a run may make after failures that may pass',
      whole(0, 1e6),
      0,
    );
}

export function loopbackOrigin(text: string): string {
  if (/^http:\/\/(127\.0\.0\.1|localhost):\d{1,5}$/.test(text)) return text;
  throw new InvalidArgumentError(`Expected http://127.0.0.1:PORT, got ${JSON.stringify(text)}.`);
}

/** How the API behaves; the same options for a comparison and for a server. */
export function conditionOptions(on: Command, latencyMs: number): Command {
  return on
    .option('--latency <ms>', 'what the API takes for every order', whole(0, 60_000), latencyMs)
    .option('--jitter <ms>', 'up to so much more, drawn for each order', whole(0, 60_000), 0)
    .option(
      '--faults <list>',
      `what goes wrong, for instance 503:0.1,reset:0.05 (${FAULT_NAMES})`,
      parsed(parseFaults),
    )
    .option(
      '--seed <number>',
      'of everything that is drawn; a comparison draws each of its turns with the next one',
      whole(0, 2 ** 31 - 1),
      1,
    );
}

/** A parser of an option's value for commander, from one that throws a RangeError. */
const parsed =
  <Value>(parse: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };

/** How much the API can do: an API without these takes any number of requests at once. */
export function limitOptions(on: Command): Command {
  return on
    .option(
      '--stoves <count[,queue]>',
      'orders cooked at once, and requests that may wait; the next gets 503',
      parsed(parseStoves),
    )
    .option(
      '--rate <count[,burst]>',
      'requests let in a second, and at once after a pause; the next gets 429',
      parsed(parseRate),
    );
}

const glossary = (title: string, entries: Readonly<Record<string, { readonly summary: string }>>): string =>
  [
    `\n${title}:`,
    ...Object.entries(entries).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`),
    '',
  ].join('\n');
/** What the names that options take stand for, for the end of a help. */
export const NAMES = [
  glossary('Jobs', JOBS),
  glossary('Approaches', APPROACHES),
  glossary('Faults', FAULTS),
].join('');

/**
 * Another server decides by itself how slow it is and how often it fails. So the options for that are refused beside
 * it: a reader who gave one would believe that it had worked.
 * @throws {UsageError}
 */
export function refuseConditions(of: Command): void {
  for (const name of ['latency', 'jitter', 'faults', 'seed']) {
    if (of.getOptionValueSource(name) !== 'cli') continue;
    throw new UsageError(`--${name}: only for an API of our own; that of --origin has its own`);
  }
}
