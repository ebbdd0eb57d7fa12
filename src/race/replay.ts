// A saved run as the page plays it: the requests of each approach as bars, and its event loop as a heartbeat.
import { isLeftOut, isMeasured, type AnyRow, type Row } from '../measure/comparison.ts';
import type { LoopTrack } from '../measure/loop-track.ts';
import type { RunDocument } from '../report/document.ts';
import { sampled } from '../report/sampled.ts';
import { settingsLine } from '../report/settings.ts';
import { APPROACHES } from '../running/registry.ts';
import { windowOf, type Span } from '../running/recorded.ts';
import { axisOf } from './board.ts';
import { MOST_BARS } from './lane.ts';
import type { LaneChange, LaneHead, Replay, ReplayComparison } from './protocol.ts';
import { measuredWords, outcomeOf } from './words.ts';

export function replayOf(file: string, { environment, comparisons }: RunDocument): Replay {
  return {
    file,
    comparisons: comparisons.map((comparison): ReplayComparison => {
      const rows = comparison.rows.filter(isMeasured);
      const places = rows
        .filter(({ failed }) => failed === 0)
        .toSorted((one, other) => one.timeMs.median - other.timeMs.median);
      return {
        job: comparison.job,
        settings: settingsLine(comparison),
        outcome: outcomeOf(comparison, environment),
        axis: axisOf(Math.max(1, ...rows.flatMap((row) => [lengthOf(row), row.limitMs]))),
        lanes: comparison.rows.map((row) => laneFor(row, places)),
      };
    }),
  };
}

function laneFor(row: AnyRow, places: readonly Row[]): LaneChange {
  if (isMeasured(row)) return laneOf(row, placeIn(places, row));
  const why = isLeftOut(row)
    ? ({ phase: 'left out', error: row.leftOut } as const)
    : ({ phase: 'failed', error: row.error } as const);
  return { ...NOTHING, head: headOf(row.approach, why) };
}

const NOTHING = { isNew: true, starts: [], ends: [], beats: [] };

const placeIn = (places: readonly Row[], row: Row): number | null => {
  const place = places.indexOf(row) + 1;
  return place === 0 ? null : place;
};

const lengthOf = ({ spans }: Row): number => {
  const { startMs, endMs } = windowOf(spans);
  return endMs - startMs;
};

function laneOf(row: Row, place: number | null): LaneChange {
  const { startMs: zeroMs, endMs } = windowOf(row.spans);
  const inOrder = row.spans.toSorted((one, other) => one.startMs - other.startMs || one.input - other.input);
  const drawn = sampled<Span>(inOrder, MOST_BARS);
  return {
    isNew: true,
    head: {
      ...headOf(row.approach, { phase: 'done' }),
      tookMs: endMs - zeroMs,
      limitMs: row.limitMs,
      expected: drawn.length,
      peakInFlight: row.peakInFlight,
      done: row.succeeded,
      failed: row.failed,
      undrawn: row.spans.length - drawn.length,
      place,
      measured: measuredWords(row),
    },
    starts: drawn.map((span, key) => ({ key, id: span.input, atMs: span.startMs - zeroMs })),
    ends: drawn
      .map((span, key) => ({ key, atMs: span.endMs - zeroMs, isOk: span.outcome === 'ok' }))
      .toSorted((one, other) => one.atMs - other.atMs),
    beats: beatsOf(row.loopTrack, zeroMs, endMs),
  };
}

function headOf(approach: Row['approach'], more: Partial<LaneHead>): LaneHead {
  return {
    name: approach,
    about: APPROACHES[approach].summary,
    isGuest: false,
    phase: 'done',
    zeroAtMs: 0,
    tookMs: null,
    limitMs: null,
    expected: null,
    inFlight: 0,
    peakInFlight: 0,
    done: 0,
    failed: 0,
    undrawn: 0,
    place: null,
    measured: null,
    error: null,
    ...more,
  };
}

/** An event loop that nothing blocks beats this often, in milliseconds. */
const BEAT_MS = 50;

/** A beat wherever the loop was on time. A saved run tells how late the loop was, and not when it turned. */
function beatsOf({ startMs, stepMs, lateMs }: LoopTrack, zeroMs: number, endMs: number): number[] {
  const beats: number[] = [];
  if (lateMs.length === 0 || !(stepMs > 0)) return beats;
  // A run of an hour gets no more beats than a picture has room for.
  const everyMs = Math.max(BEAT_MS, (endMs - zeroMs) / 2000);
  for (let atMs = zeroMs; atMs <= endMs; atMs += everyMs) {
    const late = lateMs[Math.floor((atMs - startMs) / stepMs)] ?? 0;
    if (late < BEAT_MS) beats.push(atMs - zeroMs);
  }
  return beats;
}
