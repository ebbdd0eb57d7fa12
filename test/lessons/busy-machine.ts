// Plays a lesson that measures, as its own file does, on a machine that is said to be busy or quiet, with figures that are made
// up: node busy-machine.ts NAME busy|quiet FIGURES
import { lessons } from '../../lessons/manifest.ts';
import { play } from '../../lessons/stage.ts';
import { FIGURES } from './made-up-figures.ts';
import { runOf } from './played.ts';

const [name, machine, figures] = process.argv.slice(2);
const run = await runOf(lessons.find((lesson) => lesson.name === name)!);
await play(() => run({ measure: FIGURES[figures as keyof typeof FIGURES] }), {
  clock: 'real',
  measures: true,
  watch: () => ({ stop: async () => (machine === 'busy' ? 0.63 : 0) }),
});
