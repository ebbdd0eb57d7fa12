// Plays a lesson so many times, one after the other, and tells as JSON what it printed: node play-often.ts NAME TIMES
import { lessons } from '../../lessons/manifest.ts';
import { played, runOf } from './played.ts';

const [name, times] = process.argv.slice(2);
const lesson = lessons.find((each) => each.name === name)!;
const run = await runOf(lesson);
const outputs: string[] = [];
for (let time = 0; time < Number(times); time++) {
  outputs.push((await played(lesson, 'quiet', () => run())).printed);
}
process.stdout.write(JSON.stringify(outputs));
