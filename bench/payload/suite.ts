// Measures what it costs to give work to a thread: to hand data over, to run an empty task, to start threads. The last
// table says how large a task must be to be worth all that.
import { calibrate } from '../../src/jobs/price-order.ts';
import { duration, mebibytes, ratio } from '../../src/report/units.ts';
import { inOwnProcess } from '../own-process.ts';
import { inAllTrials } from '../../src/report/edges.ts';
import type { Rows } from '../rows.ts';
import type { Case, Plan, Section, Size, Suite } from '../suite.ts';
import type * as measure from './measure.ts';
import { LIBRARIES, type LibraryName } from './threads.ts';

interface Amounts {
  readonly repeats: number;
  readonly handovers: number;
  readonly roundTrips: number;
  readonly paysSamples: number;
  /** Work of one sample on the main thread, in milliseconds. */
  readonly paysMs: number;
}

const AMOUNTS: Readonly<Record<Size, Amounts>> = {
  quick: { repeats: 1, handovers: 5, roundTrips: 200, paysSamples: 3, paysMs: 20 },
  default: { repeats: 5, handovers: 15, roundTrips: 500, paysSamples: 5, paysMs: 60 },
  full: { repeats: 15, handovers: 31, roundTrips: 2000, paysSamples: 9, paysMs: 200 },
};

const MEASURE = new URL('./measure.ts', import.meta.url).href;
const SIZES: ReadonlyArray<readonly [name: string, bytes: number]> = [
  ['1 kB', 1024],
  ['1 MB', 2 ** 20],
  ['16 MB', 2 ** 24],
];
const WAYS: readonly measure.Way[] = ['clone', 'transfer', 'share'];
const COSTS_MS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];
/** Two, so that the figure means the same on every machine that has as many cores. */
const THREADS = 2;
const STARTED_THREADS = 4;
const LIBRARY_NAMES = Object.keys(LIBRARIES) as LibraryName[];
const PROCESS_MS = 200;

const HANDOVER = 'There and back';
const ROUND_TRIP = 'An empty task';
const START_UP = 'Starting';
const PAYS = 'From which size a thread pays';
const costName = (costMs: number) => `tasks of ${duration(costMs)}`;
const wayName = (how: measure.Way, size: string) => `${size}, ${how}`;

function plan(size: Size): Plan {
  const amounts = AMOUNTS[size];
  return {
    settings: { ...amounts, threads: THREADS, startedThreads: STARTED_THREADS, costsMs: COSTS_MS },
    repeats: amounts.repeats,
    packages: ['tinypool', 'workerpool'],
    sections: [handoverSection(amounts), roundTripSection(amounts), startUpSection(), paysSection(amounts)],
    closing,
  };
}

function handoverSection({ handovers: samples }: Amounts): Section {
  return {
    title: HANDOVER,
    note: 'A Uint8Array is sent to a thread and back with postMessage. Clone copies it, transfer moves it, and share gives both threads the same memory.',
    columns: { roundTripMs: { title: 'there and back', show: duration } },
    cases: SIZES.flatMap(([size, bytes]) =>
      WAYS.map((how): Case => {
        const input: measure.HandoverInput = { how, bytes, samples };
        return {
          name: wayName(how, size),
          estimateMs: PROCESS_MS + (how === 'clone' ? (2 * samples * bytes) / 900_000 : 0),
          run: ({ signal }) => inOwnProcess(MEASURE, 'handover', input, signal),
        };
      }),
    ),
  };
}

function roundTripSection({ roundTrips: samples }: Amounts): Section {
  return {
    title: ROUND_TRIP,
    note: `A thread library with ${THREADS} threads is given tasks that do nothing, one after the other.`,
    columns: {
      roundTripMs: { title: 'round trip', show: duration },
      ratioToRaw: { title: '× raw', show: ratio },
    },
    ratios: [{ figure: 'roundTripMs', baseline: LIBRARY_NAMES[0]!, as: 'ratioToRaw' }],
    cases: LIBRARY_NAMES.map((library): Case => {
      const input = { library, threads: THREADS, samples };
      return {
        name: library,
        estimateMs: PROCESS_MS + 2 * samples * 0.05,
        run: ({ signal }) => inOwnProcess(MEASURE, 'roundTrip', input, signal),
      };
    }),
  };
}

function startUpSection(): Section {
  return {
    title: START_UP,
    note: `The time from the import of the library until each of ${STARTED_THREADS} threads has answered, and the memory of a thread. The memory of the library is divided among the threads.`,
    columns: {
      allReadyMs: { title: 'all ready', show: duration },
      mibPerThread: { title: 'memory / thread', show: mebibytes },
    },
    cases: LIBRARY_NAMES.map((library): Case => {
      const input: measure.LibraryInput = { library, threads: STARTED_THREADS };
      return {
        name: library,
        estimateMs: PROCESS_MS + 300,
        run: ({ signal }) => inOwnProcess(MEASURE, 'startUp', input, signal),
      };
    }),
  };
}

function paysSection({ paysSamples: samples, paysMs }: Amounts): Section {
  return {
    title: PAYS,
    note: `The same tasks run on the main thread and in ${THREADS} threads of piscina, by turns, with one task in each message. A gain below 1 means that the threads lose.`,
    columns: {
      mainMsPerTask: { title: 'main thread', show: duration },
      threadsMsPerTask: { title: `${THREADS} threads`, show: duration },
      gain: { title: 'gain', show: ratio },
    },
    cases: COSTS_MS.map((costMs): Case => {
      let rounds = 0;
      const tasks = Math.max(2 * THREADS, Math.round(paysMs / costMs));
      const roundTripsMs = 0.03 * tasks;
      return {
        name: costName(costMs),
        estimateMs: PROCESS_MS + (samples + 1) * (1.5 * tasks * costMs + roundTripsMs),
        run({ signal }) {
          rounds ||= calibrate(costMs); // the same work in every turn
          const input: measure.PaysInput = { rounds, tasks, threads: THREADS, samples };
          return inOwnProcess(MEASURE, 'pays', input, signal);
        },
      };
    }),
  };
}

function closing(rows: Rows): string[] {
  const sentences: string[] = [];
  const [size] = SIZES.at(-1)!;
  const shared = rows.smaller(HANDOVER, 'roundTripMs', wayName('share', size), wayName('clone', size));
  if (shared) {
    sentences.push(
      `To copy ${size} there and back takes ${ratio(shared[1].median / shared[0].median)} as long as to share them.`,
    );
  }
  const from = COSTS_MS.find((_, index) => COSTS_MS.slice(index).every((costMs) => doesPay(rows, costMs)));
  if (from !== undefined) {
    sentences.push(
      `${THREADS} threads are faster than the main thread if a message carries ${duration(from)} of work or more.`,
    );
  }
  return sentences;
}

/** Whether the threads are faster in all turns. */
function doesPay(rows: Rows, costMs: number): boolean {
  const gain = rows.spread(PAYS, costName(costMs), 'gain');
  return gain !== undefined && inAllTrials(gain, (times) => times > 1) === true;
}

export const payload: Suite = {
  name: 'payload',
  summary: 'What does it cost to hand work to a thread, and how large must the work be to pay for it?',
  plan,
};
