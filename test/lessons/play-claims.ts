// Plays lessons as they are, and with each ingredient that makes their claim false. Tells as JSON what came of it:
//   node play-claims.ts NAME NAME …
// All of that in one process, since starting one for each would take longer than the lessons do.
import { lessons, type Lesson } from '../../lessons/manifest.ts';
import { broken, shortened } from './broken-claims.ts';
import { played, runOf, type Played, type Run } from './played.ts';
import { remembering } from './remembering.ts';

export interface PlayedLesson {
  readonly name: string;
  readonly whole: Played;
  readonly broken: readonly Played[];
}

/**
 * What the machine does meanwhile must not decide over a test. So the whole lesson is told that it is busy: then its figures
 * decide nothing, but what it counts is claimed all the same. A false claim must be seen, so there it is told that it is quiet.
 */
async function playMeasured(lesson: Lesson, run: Run): Promise<PlayedLesson> {
  const measure = remembering();
  const whole = await played(lesson, 'busy', () => run({ measure }));
  // One way to break it is enough to see that it can fail: each may measure for seconds.
  const [first] = broken[lesson.name]!;
  return { name: lesson.name, whole, broken: [await played(lesson, 'quiet', () => first!(measure))] };
}

/** The lesson as it is comes last. Its claim would not hold if a broken run left something behind. */
async function play(lesson: Lesson, run: Run): Promise<PlayedLesson> {
  const results: Played[] = [];
  for (const each of broken[lesson.name]!) results.push(await played(lesson, 'quiet', () => each()));
  const control = shortened[lesson.name] ?? run;
  return { name: lesson.name, broken: results, whole: await played(lesson, 'quiet', () => control()) };
}

const all: PlayedLesson[] = [];
for (const name of process.argv.slice(2)) {
  const lesson = lessons.find((each) => each.name === name)!;
  const run = await runOf(lesson);
  all.push(await (lesson.measured ? playMeasured(lesson, run) : play(lesson, run)));
}
process.stdout.write(JSON.stringify(all));
