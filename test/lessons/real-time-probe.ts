// Plays a lesson on a machine that is said to be busy or quiet: node real-time-probe.ts busy|quiet holds|differs [--real-time]
import assert from 'node:assert/strict';
import { play } from '../../lessons/stage.ts';

const [machine, outcome] = process.argv.slice(2);
await play(async () => assert.equal(outcome === 'holds' ? 2 : 3, 2, 'guests who are served first'), {
  watch: () => ({ stop: async () => (machine === 'busy' ? 0.63 : 0) }),
});
