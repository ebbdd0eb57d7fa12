// Says whether the advice of README holds in a runtime, by the rows of a run. It takes three turns, and a difference beyond
// doubt or turns that all lie on the same side of an edge. A sentence names every client: where the advice is true, where it
// is not, and where the run decides nothing. Rounding never makes a figure contradict the verdict beside it.
import { hasEnoughTrials, type Spread } from '../../../src/measure/statistics.ts';
import { duration, listed, percent, ratio } from '../../../src/report/units.ts';
import { gainOf, gains, inAllTrials } from '../../../src/report/edges.ts';
import type { Rows } from '../../rows.ts';
import { CONCURRENCY, CPU, rowName, TIME, TITLE, type Way } from './names.ts';

/** The rows of one client that belong to a piece of advice. */
interface ClientRows {
  spread(way: Way, figure?: string): Spread | undefined;
  /** Whether it is faster beyond doubt. */
  isFaster(way: Way, than: Way): boolean;
}

interface Verdict {
  readonly holds: boolean;
  /** What the run measured, in words. */
  readonly figure: string;
  /** What the figure means. A sentence says it once, unless it changes. */
  readonly unit: string;
}

interface Advice {
  readonly text: string;
  /** The ways that it compares. A client that has none of their rows is not asked. */
  readonly ways: readonly Way[];
  /** Undefined if the run does not decide it. */
  readonly judge: (rows: ClientRows) => Verdict | undefined;
}

/**
 * A pool that reaches so much of N·L/C is near its limit. The connections are open before the clock starts. The CPU time that a
 * client takes for each request keeps it from its limit.
 */
const NEAR_LIMIT = 0.9;

/** By the figure as it is printed: 90 % must not be less than 90 %. */
const isNear = (part: number): boolean => Math.round(part * 100) >= NEAR_LIMIT * 100;

const ADVICE: readonly Advice[] = [
  {
    text: 'If nothing limits the requests, all at once is the fastest',
    ways: ['oneByOne', 'pool', 'all'],
    judge(rows) {
      const winner = (['oneByOne', 'pool'] as const).find((way) => rows.isFaster(way, 'all'));
      if (winner) return { holds: false, ...speedUp(rows, 'all', winner) };
      if (!rows.isFaster('all', 'oneByOne') || !rows.isFaster('all', 'pool')) return undefined;
      return { holds: true, ...speedUp(rows, 'all', 'oneByOne') };
    },
  },
  {
    text: `A pool of ${CONCURRENCY} comes near its limit N·L/C (${percent(NEAR_LIMIT)} of it or more)`,
    ways: ['pool'],
    judge(rows) {
      const ofLimit = rows.spread('pool', 'ofLimit');
      const holds = ofLimit && inAllTrials(ofLimit, isNear);
      return holds === undefined ? undefined : { holds, figure: percent(ofLimit!.median), unit: 'of it' };
    },
  },
  {
    text: 'Async does not speed up work that computes',
    ways: ['computing', 'computingAll'],
    judge(rows) {
      const baseline = rows.spread('computing');
      const async = rows.spread('computingAll');
      const isFaster = baseline && async && gains(async, baseline);
      if (isFaster === undefined) return undefined;
      return { holds: !isFaster, ...speedUp(rows, 'computingAll', 'computing') };
    },
  },
  {
    text: 'Threads speed up work that computes',
    ways: ['computing', 'computingInThreads'],
    judge(rows) {
      const holds = rows.isFaster('computingInThreads', 'computing');
      if (!holds && !rows.isFaster('computing', 'computingInThreads')) return undefined;
      return { holds, ...speedUp(rows, 'computingInThreads', 'computing') };
    },
  },
];

/** How many times as fast as another a way is. Both have been measured. */
const speedUp = (rows: ClientRows, way: Way, than: 'oneByOne' | 'pool' | 'computing') => ({
  figure: ratio(gainOf(rows.spread(way)!, rows.spread(than)!)),
  unit: `as fast as ${than === 'pool' ? 'the pool' : 'one by one'}`,
});

const rowsOf = (rows: Rows, client: string): ClientRows => ({
  spread: (way, figure = TIME) => rows.spread(TITLE, rowName(client, way), figure),
  isFaster: (way, than) => isSmaller(rows, TIME, rowName(client, way), rowName(client, than)),
});

/** Whether a figure is smaller beyond doubt, and seen to be smaller: a ratio of 1.00× would not show it. */
function isSmaller(rows: Rows, figure: string, less: string, more: string): boolean {
  const both = rows.smaller(TITLE, figure, less, more);
  return both !== undefined && ratio(gainOf(...both)) !== ratio(1);
}

/** Sentences about each piece of advice, and about the CPU time of a request. Nothing is said where the rows decide nothing. */
export function adviceOf(rows: Rows, clients: readonly string[]): string[] {
  const verdicts = ADVICE.map((advice) => ({ advice, told: told(advice, rows, clients) }));
  const sentences = verdicts.flatMap(({ advice, told }) => sentenceOf(advice, told) ?? []);
  const isAllTrue = verdicts.every(
    ({ told }) => told.length > 0 && told.every(({ verdict }) => verdict?.holds),
  );
  const asked = clients.filter((client) =>
    verdicts.some(({ told }) => told.some((one) => one.client === client)),
  );
  return [
    ...(isAllTrue ? [`The advice of README holds in ${listed(asked)}.`] : []),
    ...sentences,
    ...clients.flatMap((client) => heldBack(rows, client) ?? []),
    ...cheapest(rows, clients),
  ];
}

interface Told {
  readonly client: string;
  readonly verdict: Verdict | undefined;
}

function told({ ways, judge }: Advice, rows: Rows, clients: readonly string[]): Told[] {
  const names = new Set(rows.all.map(({ name }) => name));
  return clients
    .filter((client) => ways.some((way) => names.has(rowName(client, way))))
    .map((client) => ({ client, verdict: judge(rowsOf(rows, client)) }));
}

function sentenceOf({ text }: Advice, all: readonly Told[]): string | undefined {
  let lastUnit = '';
  const figureOf = ({ figure, unit }: Verdict) => {
    const isSaid = unit === lastUnit;
    lastUnit = unit;
    return isSaid ? `(${figure})` : `(${figure} ${unit})`;
  };
  if (!all.some(({ verdict }) => verdict)) return undefined;
  const withFigures = (holds: boolean) =>
    all.flatMap(({ client, verdict }) =>
      verdict?.holds === holds ? [`${client} ${figureOf(verdict)}`] : [],
    );
  const undecided = all.flatMap(({ client, verdict }) => (verdict ? [] : [client]));
  const parts = [
    ['true in', withFigures(true)],
    ['not true in', withFigures(false)],
    ['not decided in', undecided],
  ] as const;
  const said = parts.flatMap(([how, names]) => (names.length > 0 ? [`${how} ${listed(names)}`] : []));
  return `${text}: ${said.join('; ')}.`;
}

/** Names a client that has the same number in flight in each turn, and never all: it has a limit of its own. */
function heldBack(rows: Rows, client: string): string | undefined {
  const name = rowName(client, 'all');
  const most = rows.spread(TITLE, name, 'peakInFlight');
  const all = rows.spread(TITLE, name, 'inputs');
  if (!most || !all || !hasEnoughTrials(most) || most.median >= all.median) return undefined;
  if (most.samples.some((sample) => sample !== most.median)) return undefined;
  return `In ${client}, promise-all had ${most.median} of its ${all.median} requests in flight at most, in every turn.`;
}

/** Says which client needs the least CPU time for a request in the pool, and how many times as much the others need. */
function cheapest(rows: Rows, clients: readonly string[]): string[] {
  const costs = clients.flatMap((client) => {
    const spread = rows.spread(TITLE, rowName(client, 'pool'), CPU);
    return spread ? [{ client, spread }] : [];
  });
  const [least, ...others] = costs.sort((a, b) => a.spread.median - b.spread.median);
  if (!least || others.length === 0) return [];
  const isLess = ({ client }: { readonly client: string }) =>
    isSmaller(rows, CPU, rowName(least.client, 'pool'), rowName(client, 'pool'));
  if (!others.every(isLess)) return [];
  const times = others.map(({ client, spread }) => `${client} ${ratio(spread.median / least.spread.median)}`);
  return [
    `A request in the pool takes the least CPU time in ${least.client}, ${duration(least.spread.median)}; the others take more: ${listed(times)}.`,
  ];
}
