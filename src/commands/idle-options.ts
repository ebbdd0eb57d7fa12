// An option that would change nothing is refused. Whoever gives one believes that it works, and would read the figures
// with that in mind.
import type { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

/** Why an option would change nothing beside the others; undefined where it has an effect. By the option's name in code. */
export type IdleReasons = Readonly<Record<string, string | undefined>>;

/** @throws {UsageError} for the first option that was typed and would change nothing */
export function refuseIdle(of: Command, reasons: IdleReasons): void {
  for (const option of of.options) {
    const name = option.attributeName();
    const reason = reasons[name];
    if (reason === undefined || of.getOptionValueSource(name) !== 'cli') continue;
    throw new UsageError(`${option.long}: would change nothing here, since ${reason}`);
  }
}

/** The same reason for several options. */
export const allOf = (names: readonly string[], reason: string | undefined): IdleReasons =>
  Object.fromEntries(names.map((name) => [name, reason]));

/** Of `--force`, for a command that leaves only the files that it is asked for. */
export const forceReason = (flags: object, ...files: readonly string[]): string | undefined =>
  files.some((file) => Object.hasOwn(flags, file))
    ? undefined
    : `no file is asked for (${files.map((file) => `--${file}`).join(', ')})`;
