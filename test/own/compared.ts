// A comparison of own work without the command line around it: the plan and its figures, not the text.
import { planOwn, type CompareOwnFlags } from '../../src/commands/compare-own.ts';
import { compare } from '../../src/measure/compare.ts';
import type { OwnSettings } from '../../src/measure/plan.ts';
import { LONG_MS } from './modules.ts';

type TypedFlags = Partial<CompareOwnFlags>;

/** What `compare` plans for the module at `path` if these options are typed, and what it says to the reader meanwhile. */
export async function planned(path: string, typed: TypedFlags = {}) {
  const said: string[] = [];
  const flags = { requests: 20, concurrency: 10, most: 64, retries: 0, timeout: LONG_MS, ...typed };
  const settings = await planOwn(path, flags, {
    signal: new AbortController().signal,
    isTyped: (option) => Object.hasOwn(typed, option),
    say: (line) => said.push(line),
  });
  return { settings, said: said.join('\n') };
}

/** Plans and measures the module as `compare` does, but returns the figures. Each trial has a process of its own. */
export async function compared(path: string, typed: TypedFlags) {
  const { settings, said } = await planned(path, typed);
  return { ...(await compare(settings as OwnSettings)), said };
}
