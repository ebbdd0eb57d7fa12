// What a pitfall is: two short functions, `wrong` and `right`, and a harness that runs either of them and tells what it
// saw. The symptom is plain data, so that the tests, the command line and README.md all speak of the same thing.
import { isDeepStrictEqual } from 'node:util';

export type VersionName = 'wrong' | 'right';

/** What the harness saw of one version: counts, orders of events, exit codes; never time on a real clock. */
export type Symptom = { readonly [fact: string]: string | number | boolean | readonly string[] };

/**
 * Who would have told you: a tool and its rule, reporting a place inside `wrong` and none inside `right`; or a look at the
 * process with `npm run awaiting` and what that finds, while `wrong` runs or as it ends, and not in `right`.
 */
export type Detector = `${'tsc' | 'oxlint' | 'eslint' | 'awaiting'} ${string}` | `node exit code ${number}`;

export interface About<Shown extends Symptom = Symptom> {
  /** What people do, in at most 40 characters. */
  readonly title: string;
  /** What goes wrong, in whole sentences. */
  readonly symptom: string;
  /** What to do instead, in whole sentences. */
  readonly remedy: string;
  /** Empty: no tool tells the wrong version from the right one. */
  readonly foundBy: readonly Detector[];
  /** When those detectors find nothing although the fault is there. Completes "… miss it when". */
  readonly missedWhen?: string;
  /** Where the article speaks of it. */
  readonly article?: string;
  /** The platform on which it cannot be shown. */
  readonly notOn?: NodeJS.Platform;
  /** What the harness sees of the two versions, exactly. */
  readonly shows: { readonly wrong: Shown; readonly right: Shown };
}

export interface Pitfall {
  readonly about: About;
  /** Runs the wrong version inside its harness. */
  readonly wrong: () => Promise<Symptom>;
  /** Runs the right version inside the same harness. */
  readonly right: () => Promise<Symptom>;
}

interface Parts<Version, Shown extends Symptom> {
  readonly about: About<Shown>;
  readonly wrong: Version;
  readonly right: Version;
  /** The harness: it runs a version and tells what it saw. */
  readonly show: (version: Version) => Promise<Shown>;
}

/** A pitfall whose two versions run in this process. */
export function pitfallOf<Version, Shown extends Symptom>(parts: Parts<Version, Shown>): Pitfall {
  const { about, wrong, right, show } = parts;
  return { about, wrong: () => show(wrong), right: () => show(right) };
}

export interface Demonstration {
  readonly about: About;
  readonly wrong: Symptom;
  readonly right: Symptom;
  /** Whether both versions showed what `about` says they show. */
  readonly holds: boolean;
}

/**
 * Runs wrong, then right. They never run together, because one of them may freeze the thread or starve the event loop.
 * @throws {Error} on a platform where it cannot be shown
 */
export async function demonstrate({ about, wrong, right }: Pitfall): Promise<Demonstration> {
  if (about.notOn === process.platform) throw new Error(`this pitfall cannot be shown on ${about.notOn}`);
  const symptoms = { wrong: await wrong(), right: await right() };
  return { about, ...symptoms, holds: isDeepStrictEqual(symptoms, about.shows) };
}
