// Whether `npm run awaiting` tells `wrong` from `right`: both are stopped at the same moment and looked at. This is asked
// of every pitfall that no other tool finds. What a look finds in both is no proof.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { VersionName } from '../../../lessons/pitfalls/frame/pitfall.ts';
import { load, NAMES, type PitfallName } from '../../../lessons/pitfalls/manifest.ts';
import { attachToPid } from '../../../src/awaiting/attach.ts';
import { Observer, type Look } from '../../../src/awaiting/look.ts';
import { awaiting } from '../../awaiting/started.ts';
import { findingsAt, LOOK, type Moment } from './observed.ts';

interface Moments {
  readonly wrong: Moment;
  readonly right: Moment;
}

const both = (moment: Moment): Moments => ({ wrong: moment, right: moment });

/** When to look: as soon as the fault is there and its symptom is not over yet. */
const MOMENTS: Partial<Record<PitfallName, Moments>> = {
  'all-keeps-running': both({ line: 'restaurant.gate.letGo();' }),
  'all-hides-errors': {
    wrong: { line: 'console.log(`caught: ${(error as' },
    right: { line: 'console.log(`caught: ${(outcome.reason as' },
  },
  'staggered-await': {
    wrong: { line: 'const wine = ', later: 'microtask' },
    right: { line: 'const ordered = ', later: 'microtask' },
  },
  unbounded: both({ line: 'orders in flight at once`);' }),
  'endless-queue': both({ line: 'const readAndWaiting = read - begun;' }),
  'stream-map-stops': both({ line: 'first.resolve();' }),
  'lane-after-failure': both({ line: 'void cookInBatches(restaurant.gate, 1);', later: 6 }),
  'thread-pool-starvation': both({ line: 'if (!isMenuThere) console.log' }),
  'microtask-starvation': {
    wrong: { line: 'await priceOf(dish);', occurrence: 0, when: 'dish === 500' },
    right: { line: 'await priceOf(dish);', occurrence: 1, when: 'dish === 500' },
  },
  'cache-stampede': both({ line: 'return { guestsServed' }),
  'transaction-held': both({ line: 'const seen = {' }),
  'worker-waits-worker': both({ line: 'const symptom = {' }),
  'workers-for-io': both({ line: 'return { answers:' }),
  'clone-cost': both({ line: 'return receiveMessageOnPort(port2)' }),
  'abort-listeners': both({ line: 'return { listenersLeft' }),
  'race-timeout': both({ line: 'void cookInBatches(restaurant.gate, 1);' }),
  'context-lost': both({ line: 'for (const callback of queue) callback();' }),
  'mock-in-worker': both({ line: 'return { mainThread, worker, requestsInProduction' }),
};

/** Only what a look finds in `wrong` can tell it from `right`. Where it finds nothing, `right` is not looked at. */
const NOT_LOOKED_AT: ReadonlySet<string> = new Set();

/** Its main thread sleeps and answers nobody. That is the finding, and no breakpoint is needed. */
const ASLEEP = 'sync-over-async';

for (const [name, moments] of Object.entries(MOMENTS)) {
  const { about } = await load(name as PitfallName);
  const known = awaitingDetectors(about.foundBy);
  const finds = known.length === 0 ? 'nothing' : known.join(', ');
  test(`${name}: a look finds ${finds} in wrong that is not in right`, async (t) => {
    if (about.notOn === process.platform) return t.skip(`it cannot be shown on ${about.notOn}`);
    const wrong = await findingsAt(name, 'wrong', moments.wrong);
    const right = wrong.size === 0 ? NOT_LOOKED_AT : await findingsAt(name, 'right', moments.right);
    assert.deepEqual([...wrong.difference(right)], known);
  });
}

test(`${ASLEEP}: wrong does not answer, and the look says where it sleeps; right answers`, async (t) => {
  if (process.platform !== 'linux') return t.skip('elsewhere one cannot look into a process by its number');
  const { about } = await load(ASLEEP);
  assert.deepEqual(awaitingDetectors(about.foundBy), ['does not answer']);
  const child = fileURLToPath(import.meta.resolve('../../../lessons/pitfalls/frame/child.ts'));
  const pitfall = import.meta.resolve(`../../../lessons/pitfalls/${ASLEEP}.ts`);
  const wrong = spawn(process.execPath, ['--inspect-port=0', child, pitfall, 'wrong'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    for await (const line of createInterface(wrong.stdout)) if (line === 'the cook has answered') break;
    await using target = await attachToPid(wrong.pid!);
    await using observer = new Observer(target.session);
    const { running } = await observer.look(LOOK);
    assert.match(running ?? 'it answers', /^wrong  \S*sync-over-async\.ts:/);
  } finally {
    wrong.kill('SIGKILL');
    if (wrong.signalCode === null) await once(wrong, 'exit');
  }
  const right = await findingsAt(ASLEEP, 'right', {
    line: 'print(`the waiter serves ${dish}`);',
    occurrence: 1,
  });
  assert.deepEqual([...right], []);
});

for (const name of NAMES) {
  const { about } = await load(name);
  if (!about.foundBy.includes('node exit code 13')) continue;
  test(`${name}: wrong shows where it waits as Node ends it, and right ends without a tree`, async () => {
    const [wrong, right] = await Promise.all([findingsAtEnd(name, 'wrong'), findingsAtEnd(name, 'right')]);
    assert.deepEqual(wrong, { exitCode: 13, kinds: ['ends with 13'] });
    assert.deepEqual(right, { exitCode: 0, kinds: undefined });
    assert.deepEqual(awaitingDetectors(about.foundBy), wrong.kinds);
  });
}

test('every pitfall that no other tool finds is looked at', async () => {
  const all = await Promise.all(NAMES.map(async (name) => ({ name, ...(await load(name)).about })));
  const isForOthers = ({ foundBy }: (typeof all)[number]) =>
    foundBy.some((detector) => !detector.startsWith('awaiting '));
  assert.deepEqual(
    [...Object.keys(MOMENTS), ASLEEP].toSorted(),
    all
      .filter((each) => !isForOthers(each))
      .map(({ name }) => name)
      .toSorted(),
  );
});

function awaitingDetectors(foundBy: readonly string[]): string[] {
  return foundBy.flatMap((detector) => /^awaiting (.+)/.exec(detector)?.[1] ?? []);
}

/** What `npm run awaiting -- FILE` finds in a version that runs to its end; `kinds` is undefined if it shows no tree. */
async function findingsAtEnd(name: PitfallName, version: VersionName) {
  const child = fileURLToPath(import.meta.resolve('../../../lessons/pitfalls/frame/child.ts'));
  const pitfall = import.meta.resolve(`../../../lessons/pitfalls/${name}.ts`);
  await using command = awaiting(['--json', child, pitfall, version]);
  const exitCode = await command.ended;
  const json = /^\{"looks":.*$/m.exec(command.stdout())?.[0];
  const shown = json === undefined ? undefined : (JSON.parse(json) as { readonly looks: readonly Look[] });
  return { exitCode, kinds: shown?.looks.flatMap(({ tree }) => tree.findings.map(({ kind }) => kind)) };
}
