// The options that only one suite has: how they become settings of a run, and how the settings of a run become options again.
import { Option, type Command } from 'commander';
import type { Settings, Suite } from './suite.ts';

type HasOptions = Pick<Suite, 'options'>;

/** `--runtime` of `--runtime <names>`. */
const longOf = (flags: string): string => flags.split(' ')[0]!;

/** Lets `on` read the options of a suite. */
export function addOwnOptions(on: Command, { options = [] }: HasOptions): void {
  for (const { flags, description, read } of options) {
    on.addOption(new Option(flags, description).argParser(read));
  }
}

/** The settings that the suite's own options add. `flags` are all flags that were typed. */
export function settingsAsked({ options = [] }: HasOptions, flags: object): Settings {
  const typed = new Map<string, Settings[string]>(Object.entries(flags));
  const asked = options.flatMap(({ flags, setting }) => {
    const value = typed.get(new Option(flags).attributeName());
    return value === undefined ? [] : [[setting, value] as const];
  });
  return Object.fromEntries(asked);
}

/** The options with which a run with these settings is typed again, such as `--runtime deno,bun`. Often there are none. */
export const typedAgain = ({ options = [] }: HasOptions, settings: Settings): string[] =>
  options.flatMap(({ flags, setting }) => {
    const value = settings[setting];
    return value === undefined ? [] : [`${longOf(flags)} ${[value].flat().join(',')}`];
  });
