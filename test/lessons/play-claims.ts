// Plays lessons as they are, and with each ingredient that makes their claim false. Tells as JSON what came of it:
//   node play-claims.ts NAME NAME …
// All of that in one process, since starting one for each would take longer than the lessons do.
import { lessons, type Lesson } from '../../lessons/manifest.ts';
import { measured, timesOf } from '../../lessons/measured.ts';
import { broken, sharing, small } from './broken-claims.ts';
import { played, runOf, type Played, type Run } from './played.ts';
import { remembering } from './remembering.ts';

export interface PlayedLesson {
  readonly name: string;
  readonly whole: Played;
  readonly broken: readonly Played[];
  /** What the broken ones change, with nothing wrong, if they are smaller than the lesson. */
  readonly control?: Played;
}

type Settings = Parameters<typeof measured>[0];

/**
 * Measures in processes of their own, as the lessons do, but less, since the figures decide nothing here. So many requests are
 * enough to have ten of them in flight, and so many threads to have one for each core.
 */
const measuredSmall = (async ({ requests, concurrency = 1, threads = 1, ...conditions }: Settings) => {
  const size = {
    requests: Math.min(requests, 40),
    concurrency: Math.min(concurrency, 10),
    threads: Math.min(threads, 4),
  };
  return (measured as (settings: object) => Promise<unknown>)({ ...conditions, ...size });
}) as typeof measured;

const timesOfFew: typeof timesOf = (runs, works) => timesOf(Math.min(runs, 2), works);

/**
 * What the machine does meanwhile must not decide over a test. So the whole lesson is told that it is busy: then its figures
 * decide nothing, but what it counts is claimed all the same. A false claim must be seen, so there it is told that it is quiet.
 */
async function playMeasured(lesson: Lesson, run: Run): Promise<PlayedLesson> {
  const instruments = { measure: remembering(measuredSmall), times: timesOfFew };
  const whole = await played(lesson, 'busy', () => run(instruments));
  // One way to break it is enough to see that it can fail: each may measure for seconds.
  const [first] = broken[lesson.name]!;
  return { name: lesson.name, whole, broken: [await played(lesson, 'quiet', () => first!(instruments))] };
}

/** The lesson as it is comes last. It would print something else if a broken run left something behind. */
async function play(lesson: Lesson, run: Run): Promise<PlayedLesson> {
  const playing = (each: () => Promise<void>) => played(lesson, 'quiet', () => each());
  const results: Played[] = [];
  for (const each of broken[lesson.name]!) results.push(await playing(each));
  const control = small[lesson.name];
  return {
    name: lesson.name,
    broken: results,
    ...(control && { control: await playing(control) }),
    whole: await playing(sharing[lesson.name] ?? run),
  };
}

const all: PlayedLesson[] = [];
for (const name of process.argv.slice(2)) {
  const lesson = lessons.find((each) => each.name === name)!;
  const run = await runOf(lesson);
  all.push(await (lesson.measured ? playMeasured(lesson, run) : play(lesson, run)));
}
process.stdout.write(JSON.stringify(all));
