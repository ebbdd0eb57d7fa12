// Plays a lesson on a machine that is said to be busy or quiet: node real-time-probe.ts busy|quiet holds|differs [--real-time]
// Without the first two words it prints the verdict on each pair of them.
import assert from 'node:assert/strict';
import { judged, play } from '../../lessons/stage.ts';

const [machine, outcome] = process.argv.slice(2).filter((word) => word !== '--real-time');

const lesson = (outcome: string) => async () =>
  assert.equal(outcome === 'holds' ? 2 : 3, 2, 'guests who are served first');
const on = (machine: string) => ({ watch: () => ({ stop: async () => (machine === 'busy' ? 0.63 : 0) }) });

if (machine !== undefined && outcome !== undefined) await play(lesson(outcome), on(machine));
else {
  const { log } = console;
  const verdicts: Record<string, string> = {};
  for (const each of ['busy', 'quiet']) {
    for (const wanted of ['holds', 'differs']) {
      let warnings = 0;
      console.log = () => warnings++;
      const { outcome } = await judged(lesson(wanted), on(each));
      verdicts[`${each}, ${wanted}`] = warnings > 0 ? `${outcome}, with a warning` : outcome;
    }
  }
  log(JSON.stringify(verdicts));
}
