// What a pitfall is: a module that says what goes wrong, and shows it by running. The symptom is plain data, so
// that the test, the command line and the page all speak of the same thing.
import { isDeepStrictEqual } from 'node:util';

/** What a version showed: counts, orders of events, exit codes; never durations. */
export type Seen = { readonly [fact: string]: string | number | boolean | readonly string[] };

/** Who would have told you: a tool and its rule, reporting a place inside `wrong` and none inside `right`. */
export type Detector = `${'tsc' | 'oxlint' | 'eslint'} ${string}` | `node exit code ${number}`;

export interface About<Shown extends Seen = Seen> {
  /** What people do, at most 43 characters. */
  readonly title: string;
  /** What goes wrong, in words. */
  readonly symptom: string;
  readonly remedy: string;
  /** Empty: no tool tells the wrong version from the right one. */
  readonly foundBy: readonly Detector[];
  /** What those tools let through all the same. */
  readonly missedWhen?: string;
  /** Where the article speaks of it. */
  readonly article?: string;
  /** Where it cannot be shown. */
  readonly notOn?: NodeJS.Platform;
  /** What the two versions return, exactly. */
  readonly shows: { readonly wrong: Shown; readonly right: Shown };
}

export interface Pitfall {
  readonly about: About;
  readonly wrong: () => Promise<Seen>;
  readonly right: () => Promise<Seen>;
}

export interface Demonstration {
  readonly about: About;
  readonly wrong: Seen;
  readonly right: Seen;
  /** Whether both versions showed what `about` says they show. */
  readonly holds: boolean;
}

/**
 * Runs wrong, then right: never both at once, since a version may freeze the thread or starve the loop.
 * @throws {Error} on a platform where it cannot be shown
 */
export async function demonstrate({ about, wrong, right }: Pitfall): Promise<Demonstration> {
  if (about.notOn === process.platform) throw new Error(`this pitfall cannot be shown on ${about.notOn}`);
  const seen = { wrong: await wrong(), right: await right() };
  return { about, ...seen, holds: isDeepStrictEqual(seen, about.shows) };
}
