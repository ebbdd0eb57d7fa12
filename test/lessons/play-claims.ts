// Plays lessons as they are, and with each ingredient that makes their claim false. Tells as JSON what came of it:
//   node play-claims.ts NAME NAME …
// All of that in one process, since starting one for each would take longer than the lessons do.
import { availableParallelism } from 'node:os';
import { lessons, type Lesson } from '../../lessons/manifest.ts';
import { measured, timesOf } from '../../lessons/measured.ts';
import { broken, leftOpen, sharing, small } from './broken-claims.ts';
import { played, runOf, type Instruments, type Played, type Run } from './played.ts';
import { remembering } from './remembering.ts';

export interface PlayedClaims {
  /** How many ways there are to make the claim of each lesson false, also of those that were not played. */
  readonly ways: Readonly<Record<string, number>>;
  readonly lessons: readonly PlayedLesson[];
}

export interface PlayedLesson {
  readonly name: string;
  readonly whole: Played;
  readonly broken: readonly Played[];
  /** What the broken ones change, with nothing wrong, if it is not the lesson itself. */
  readonly control?: Played;
}

/** What a lesson measures is always of this size. It is enough to have ten requests in flight, and the threads of lesson 11. */
const SIZE = { requests: 10, concurrency: 10, threads: Math.max(2, Math.min(4, availableParallelism())) };
/** And the API always takes so long. So lessons 10 and 12 measure the same, and it is measured once. */
const LATENCY_MS = 20;

const known = remembering(measured) as (settings: object) => unknown;

/** Measurements of `SIZE`, each of them made once, and works that are done once. */
const INSTRUMENTS: Required<Instruments> = {
  measure: ((settings: object) => {
    const waiting = 'costMs' in settings ? {} : { latencyMs: LATENCY_MS };
    return known({ ...settings, ...SIZE, ...waiting });
  }) as typeof measured,
  times: (_runs, works) => timesOf(1, works),
};

/**
 * What the machine does meanwhile must not decide over a test. So the whole lesson is told that it is busy: then its figures
 * decide nothing, but what it counts is claimed all the same. A false claim must be seen, so there it is told that it is quiet.
 */
async function playMeasured(lesson: Lesson, run: Run): Promise<PlayedLesson> {
  const whole = await played(lesson, 'busy', () => run(INSTRUMENTS));
  return { name: lesson.name, whole, broken: await brokenOf(lesson), ...(await controlOf(lesson)) };
}

async function brokenOf(lesson: Lesson): Promise<Played[]> {
  const results: Played[] = [];
  for (const each of broken[lesson.name]!)
    results.push(await played(lesson, 'quiet', () => each(INSTRUMENTS)));
  return results;
}

/** A claim that is false with nothing wrong would say nothing about the broken runs. */
async function controlOf(lesson: Lesson): Promise<Pick<PlayedLesson, 'control'>> {
  const control = small[lesson.name];
  return control ? { control: await played(lesson, 'quiet', control) } : {};
}

/** The lesson as it is comes last. It would print something else if a broken run left something behind. */
async function play(lesson: Lesson, run: Run): Promise<PlayedLesson> {
  const ways = await brokenOf(lesson);
  const control = await controlOf(lesson);
  const whole = await played(lesson, 'quiet', sharing[lesson.name] ?? (() => run()));
  return { name: lesson.name, broken: ways, ...control, whole };
}

const all: PlayedLesson[] = [];
for (const name of process.argv.slice(2)) {
  const lesson = lessons.find((each) => each.name === name)!;
  const run = await runOf(lesson);
  all.push(await (lesson.measured ? playMeasured(lesson, run) : play(lesson, run)));
}
await leftOpen.disposeAsync();
const ways = Object.fromEntries(Object.entries(broken).map(([name, variants]) => [name, variants.length]));
process.stdout.write(JSON.stringify({ ways, lessons: all } satisfies PlayedClaims));
