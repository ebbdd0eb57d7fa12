// Names that say little or the same: methods, private ones, bound ones, arrows, nested functions, recursion, loops.
import { gate, keep, ready } from './gates.mjs';

async function serve() {
  await gate();
}
const other = {
  async serve() {
    await serve();
  },
};
class Waiter {
  async serve() {
    await this.#carry();
  }
  async #carry() {
    await Waiter.serve();
  }
  static async serve() {
    await gate();
  }
  get table() {
    return (async () => {
      await gate();
    })();
  }
  lay = async () => {
    await this.table;
  };
}
const waiter = new Waiter();
const bound = waiter.serve.bind(waiter);

async function recursive(depth) {
  if (depth === 0) await gate();
  else await recursive(depth - 1);
}
const lanes = [];
for (let lane = 0; lane < 3; lane++) {
  lanes.push(async () => {
    if (lane === 2) await gate();
    await serve();
  });
}
const { ['computed' + '']: unnamed } = { computed: async () => gate().then(() => {}) };
const pair = [
  async () => {
    await gate();
  },
  async () => {
    await gate();
  },
];

keep(other.serve(), waiter.lay(), bound(), recursive(3), unnamed(), pair[0](), pair[1]());
keep(lanes.map((lane) => lane()));
ready();

/* shows:
serve 9:5
  serve 5:3
    ? (its resolver is in opened[])
serve 14:5
  #carry 17:5
    serve 20:5
      ? (its resolver is in opened[])
lay 28:5
  (anonymous) 24:7
    ? (its resolver is in opened[])
recursive 36:8
  recursive 36:8
    recursive 36:8
      recursive 35:20
        ? (its resolver is in opened[])
(anonymous) 41:21
  ? (its resolver is in opened[])
(anonymous) 42:5 × 2
  serve 5:3
    ? (its resolver is in opened[])
(anonymous) 48:5
  ? (its resolver is in opened[])
(anonymous) 51:5
  ? (its resolver is in opened[])
*/
