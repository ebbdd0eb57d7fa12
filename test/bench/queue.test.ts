// The suite of the job queue, on the embedded database: both ways bring all jobs through, and a Postgres that nobody has
// named is left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLeftOut, isMeasured } from '../../bench/rows.ts';
import { runPlan } from '../../bench/run.ts';
import { queue } from '../../bench/queue/suite.ts';

test('empty jobs go through the job queue and through bare pg-boss', async (t) => {
  const url = process.env['DATABASE_URL'];
  delete process.env['DATABASE_URL'];
  t.after(() => url !== undefined && (process.env['DATABASE_URL'] = url));
  const plan = queue.plan('quick');
  const sections = plan.sections.filter(({ title }) => title.startsWith('Empty jobs'));
  const { signal } = new AbortController();
  const { rows, environment } = await runPlan('queue', { ...plan, sections }, { size: 'quick', signal });
  const [pglite, postgres] = [rows.slice(0, 2), rows.slice(2)];
  assert.deepEqual(
    pglite.map((row) => isMeasured(row) && Object.keys(row.figures).toSorted()),
    pglite.map(() => ['cpuMsPerJob', 'cpuRatioToBare', 'msPerJob', 'ratioToBare']),
  );
  assert.deepEqual(
    postgres.map((row) => isLeftOut(row)),
    [true, true],
  );
  for (const name of ['pg-boss', '@electric-sql/pglite']) assert.ok(environment.packages[name], name);
});
