// The Python and the other runtimes of this machine. The tests of one that is missing are skipped. One that only takes long must
// not pass for one that is missing: when it runs for the first time, it compiles what it imports, and other tests may run meanwhile.
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { CANDIDATES, findPython, type PythonHere } from '../../../bench/article/find-python.ts';
import { findRuntimes, isHere, type Runtime } from '../../../bench/article/runtimes/find.ts';
import type { RuntimeName } from '../../../bench/article/runtimes/kinds.ts';
import { LeftOut } from '../../../bench/suite.ts';
import { stretchLimits } from '../../patience.ts';

const never = new AbortController().signal;
/** What a program gets to say which one it is. */
const LIMIT_MS = 20_000;

/** The system's own Python comes first. A `python3` of a version manager takes longer to start than Python itself. */
export async function pythonHere(candidates = CANDIDATES.toReversed()): Promise<PythonHere> {
  const limits = stretchLimits(mock, LIMIT_MS);
  const here = await findPython(never, candidates);
  limits.restore();
  if ('missing' in here) assert.doesNotMatch(here.missing, /nothing came within/);
  return here;
}

/** Each of `names`, or why it is missing. All are looked for together, so the reason names one command that installs all. */
export async function runtimesHere(names: readonly RuntimeName[]): Promise<ReadonlyArray<Runtime | LeftOut>> {
  const limits = stretchLimits(mock, LIMIT_MS);
  const found = await findRuntimes(
    names.map((name) => ({ name })),
    never,
  );
  limits.restore();
  return found.map((one) => {
    if (isHere(one)) return one;
    assert.ok(one.reason instanceof LeftOut, one.reason.message);
    return one.reason;
  });
}
