import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { load, NAMES } from '../../../lessons/pitfalls/manifest.ts';
import { listed } from '../../../src/report/units.ts';
import { findings } from './findings.ts';

const found = await findings();

for (const name of NAMES) {
  const { about } = await load(name);
  const detectorsIn = (place: string) =>
    new Set(
      found.filter((finding) => finding.pitfall === name && finding.place === place).map((f) => f.detector),
    );
  const [byTools, byNode] = [
    about.foundBy.filter((detector) => !/^(?:node|awaiting) /.test(detector)),
    about.foundBy.filter((detector) => detector.startsWith('node ')),
  ];

  const who = byTools.length === 0 ? 'no tool tells' : `${listed(byTools)}, and nothing else,`;
  const verb = byTools.length === 0 ? '' : byTools.length === 1 ? ' tells' : ' tell';
  test(`${name}: ${who}${verb} wrong from right`, () => {
    const telling = detectorsIn('wrong').difference(detectorsIn('right'));
    assert.deepEqual([...telling].toSorted(), byTools.toSorted());
  });

  for (const detector of byNode) {
    test(`${name}: ${detector} is what Node says to wrong, and not to right`, () => {
      const exitCode = Number(detector.split(' ').at(-1));
      assert.equal(about.shows.wrong['exitCode'], exitCode);
      assert.notEqual(about.shows.right['exitCode'], exitCode);
    });
  }
}

test('what the linter must overlook in wrong stands nowhere else in a pitfall', async () => {
  const configuration = JSON.parse(
    await readFile(new URL('../../../.oxlintrc.json', import.meta.url), 'utf8'),
  ) as { overrides: ReadonlyArray<{ files: readonly string[]; rules: Readonly<Record<string, unknown>> }> };
  const overlooked = configuration.overrides
    .filter(({ files }) => files.includes('lessons/pitfalls/*.ts'))
    .flatMap(({ rules }) => Object.keys(rules).map((rule) => `oxlint ${rule}`));
  assert.ok(overlooked.includes('oxlint typescript/no-floating-promises'));
  assert.deepEqual(
    found.filter(({ place, detector }) => place !== 'wrong' && overlooked.includes(detector)),
    [],
  );
});
