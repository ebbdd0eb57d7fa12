import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, NAMES, type PitfallName } from '../../../lessons/pitfalls/manifest.ts';
import { runSource } from '../../processes.ts';
import { findingsIn } from './findings.ts';

interface BlindSpot {
  /** What the detectors of the pitfall do find: it shows that they would speak if they saw anything. */
  readonly seen: string;
  readonly unseen: readonly string[];
}

/** The same pitfall in other clothes: what `missedWhen` says in words. */
const BLIND_SPOTS: Partial<Record<PitfallName, BlindSpot>> = {
  'blocking-call': {
    seen: `import { readFileSync } from 'node:fs';
      readFileSync('menu');`,
    unseen: [
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);',
      "JSON.parse('[' + '1,'.repeat(9e6) + '1]');",
      'let sum = 0; for (let n = 0; n < 1e10; n++) sum += Math.sqrt(n);',
    ],
  },
  'floating-promise': {
    seen: 'async function closeTill() {} closeTill();',
    unseen: [
      'async function closeTill() {} void closeTill();',
      'async function closeTill() {} const closed = closeTill();',
    ],
  },
  'await-in-loop': {
    seen: 'for (const id of [1, 2]) await fetch(`http://orders.test/orders/${id}`);',
    unseen: [
      "await fetch('http://orders.test/orders/1'); await fetch('http://orders.test/orders/2');",
      `async function serveFrom(id) {
        if (id === 0) return;
        await fetch(\`http://orders.test/orders/\${id}\`);
        await serveFrom(id - 1);
      }
      await serveFrom(2);`,
    ],
  },
  'nested-pool': {
    seen: `import pLimit from 'p-limit';
      const limit = pLimit(1);
      await limit(() => limit(() => 'served'));`,
    unseen: [
      `import pLimit from 'p-limit';
      const limit = pLimit(1);
      async function main() { await limit(() => limit(() => 'served')); }
      main();`,
    ],
  },
  'lost-update': {
    seen: 'let dishes = 0; export async function add(dishesOf) { dishes += await dishesOf(); }',
    unseen: [
      'export class Till { dishes = 0; async add(dishesOf) { this.dishes += await dishesOf(); } }',
      "export async function add(rows, dishesOf) { await rows.set('dishes', await rows.get('dishes') + await dishesOf()); }",
    ],
  },
};

test('every pitfall that names a blind spot of its detectors has it proven here', async () => {
  const all = await Promise.all(NAMES.map(async (name) => ({ name, about: (await load(name)).about })));
  const named = all.filter(({ about }) => about.missedWhen !== undefined).map(({ name }) => name);
  assert.deepEqual(Object.keys(BLIND_SPOTS).toSorted(), named.toSorted());
});

const sources = Object.values(BLIND_SPOTS).flatMap(({ seen, unseen }) => [seen, ...unseen]);
const reports = await findingsIn(sources);

for (const [name, { seen, unseen }] of Object.entries(BLIND_SPOTS)) {
  const { about } = await load(name as PitfallName);
  // Run only where Node itself is a detector: some of the others would compute for minutes.
  const isRun = about.foundBy.some((detector) => detector.startsWith('node '));
  async function telling(source: string): Promise<string[]> {
    const found = [...reports[sources.indexOf(source)]!];
    if (isRun) found.push(`node exit code ${(await runSource(source)).code}`);
    return found.filter((detector) => about.foundBy.some((known) => known === detector));
  }

  test(`${name} is missed when ${about.missedWhen}`, async () => {
    assert.notDeepEqual(await telling(seen), [], seen);
    for (const source of unseen) assert.deepEqual(await telling(source), [], source);
  });
}
