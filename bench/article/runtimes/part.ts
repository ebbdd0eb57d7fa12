// What other runtimes add to the suite: one table with them and Node, and sentences about whether README's advice holds.
import { count, duration, mebibytes, percent } from '../../../src/report/units.ts';
import type { Rows } from '../../rows.ts';
import { LeftOut, type Case, type Section, type Settings } from '../../suite.ts';
import { LATENCY_MS } from '../waiting.ts';
import { adviceOf } from './advice.ts';
import { casesOf, COST_MS, type Amounts } from './cases.ts';
import { clientOf, NODE } from './clients.ts';
import { isHere, isNotHere, type NoRuntime, type RuntimeHere } from './find.ts';
import { RUNTIMES, type RuntimeName } from './kinds.ts';
import { TITLE } from './names.ts';

const noteOf = ({ warmup }: Pick<Amounts, 'warmup'>): string =>
  `Each row is one approach of this workbench. Its file is the same for all runtimes. It sends N requests of L = ${LATENCY_MS} ms by the runtime's own fetch (or by undici), or it computes N tasks of some ${COST_MS} ms, the same work for all. C is the most requests in flight at once. "At once" is what the API counted. Memory is the peak of the whole process. Before the clock starts, each row that sends has sent ${count(warmup, 'request')}, which the API answers at once.`;

/** What the chosen runtimes add to the plan of the suite. */
export interface RuntimesPart {
  readonly settings: Settings;
  readonly versions: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
  closing(rows: Rows): string[];
}

/**
 * The part for the runtimes `names`. It is empty if none was asked for. `here` says which of them this machine has. Without
 * `here` the part can be shown, but not run.
 */
export function runtimesPart(
  names: readonly RuntimeName[],
  amounts: Amounts,
  here: readonly RuntimeHere[] = names.map(notLookedFor),
): RuntimesPart {
  if (names.length === 0) return { settings: {}, versions: {}, sections: [], closing: () => [] };
  const found = here.filter(isHere);
  const clients = [...NODE, ...found.map(clientOf)];
  const everybody = [...NODE.map(({ called }) => called), ...names.map((name) => RUNTIMES[name].called)];
  return {
    settings: { runtimes: names, runtimeRequests: amounts.requests, runtimeTasks: amounts.tasks },
    versions: Object.fromEntries(found.map(({ name, version }) => [RUNTIMES[name].called, version])),
    sections: [
      {
        title: TITLE,
        note: noteOf(amounts),
        columns: {
          msPerInput: { title: 'time / N', show: duration },
          cpuMsPerInput: { title: 'CPU / N', show: duration, alone: true },
          peakMiB: { title: 'memory', show: mebibytes, alone: true },
          ofLimit: { title: 'of N·L/C', show: percent, alone: true },
          peakInFlight: { title: 'at once', show: String, alone: true },
          inputs: { title: 'N', show: String, alone: true },
        },
        cases: [...casesOf(clients, amounts), ...here.filter(isNotHere).map(absent)],
      },
    ],
    closing: (rows) => adviceOf(rows, everybody),
  };
}

const notLookedFor = (name: RuntimeName): RuntimeHere => ({
  name,
  reason: new LeftOut('nobody has looked for it'),
});

const absent = ({ name, reason }: NoRuntime): Case => ({
  name: RUNTIMES[name].called,
  estimateMs: 1,
  run: () => Promise.reject(reason),
});
