// A comparison as Trace Event JSON, which Perfetto, speedscope and chrome://tracing open: a process for each
// approach, a lane for each slot or thread, and counters for what is in flight and how late the loop is.
// Format: "Trace Event Format" of the Chromium project; times are whole microseconds.
import { windowOf, type Span } from '../running/recorded.ts';
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { inFlight } from './in-flight.ts';
import { runnerOf, type Runner } from './runner.ts';

interface TraceEvent {
  readonly name: string;
  /** M names something, X is a span, C is the value of a counter. */
  readonly ph: 'M' | 'X' | 'C';
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, string | number>>;
}

/** How a file is known to be a trace of ours: what it begins with. */
export const TRACE_MARK = '{"otherData":{"generator":"async-workbench trace"}';

/** So many events go into one piece of the text. */
const EVENTS_IN_PIECE = 1000;

/**
 * The trace, piece by piece: the text of a few million spans is longer than a string can be. Every approach starts at
 * 0, so that they lie side by side as if they had started together.
 */
export function* traceOf(comparisons: readonly Comparison[]): Generator<string, void> {
  yield `${TRACE_MARK},"displayTimeUnit":"ms","traceEvents":[\n`;
  let piece: string[] = [];
  let isFirst = true;
  for (const event of eventsOfAll(comparisons)) {
    piece.push(`${isFirst ? '' : ',\n'}${JSON.stringify(event)}`);
    isFirst = false;
    if (piece.length < EVENTS_IN_PIECE) continue;
    yield piece.join('');
    piece = [];
  }
  yield `${piece.join('')}\n]}\n`;
}

function* eventsOfAll(comparisons: readonly Comparison[]): Generator<TraceEvent, void> {
  let pid = 0;
  for (const { job, rows } of comparisons) {
    for (const row of rows.filter(isMeasured)) yield* eventsOf(row, job, ++pid);
  }
}

function* eventsOf(row: Row, job: string, pid: number): Generator<TraceEvent, void> {
  const { approach, spans, loopTrack } = row;
  const { startMs } = windowOf(spans);
  const micros = (ms: number) => Math.round((ms - startMs) * 1000);
  const naming = (name: string, tid: number, args: TraceEvent['args']): TraceEvent => {
    return { name, ph: 'M', pid, tid, ts: 0, args };
  };
  const counter = (name: string, atMs: number, value: number): TraceEvent => {
    return { name, ph: 'C', pid, tid: 0, ts: Math.max(0, micros(atMs)), args: { [name]: value } };
  };
  yield naming('process_name', 0, { name: `${job}: ${approach}` });
  yield naming('process_sort_index', 0, { sort_index: pid });
  for (const { firstTid, names, spans: ofThread, slots } of lanesOf(spans, runnerOf(row))) {
    for (const [index, name] of names.entries()) {
      yield naming('thread_name', firstTid + index, { name });
      yield naming('thread_sort_index', firstTid + index, { sort_index: firstTid + index });
    }
    for (const [index, span] of ofThread.entries()) {
      const { input, outcome, error } = span;
      const ts = micros(span.startMs);
      const args = { order: input, outcome, ...(error !== undefined && { error }) };
      yield {
        name: `order ${input}`,
        ph: 'X',
        cat: outcome,
        pid,
        tid: firstTid + slots[index]!,
        ts,
        dur: micros(span.endMs) - ts,
        args,
      };
    }
  }
  for (const { atMs, open } of inFlight(spans)) yield counter('in flight', atMs, open);
  for (const [step, late] of loopTrack.lateMs.entries()) {
    yield counter('loop late (ms)', loopTrack.startMs + step * loopTrack.stepMs, late);
  }
}

/** The lanes of one thread: as many as it had spans open at once. */
interface Lanes {
  /** Number of its first lane; lanes are numbered from 1 over all threads. */
  readonly firstTid: number;
  readonly names: readonly string[];
  readonly spans: readonly Span[];
  /** For each span its lane in this thread, from 0. */
  readonly slots: readonly number[];
}

/** The spans of each thread or worker, each in a lane that is free when it starts. */
function lanesOf(spans: readonly Span[], runner: Runner): Lanes[] {
  const threads = Map.groupBy(
    spans.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs),
    (span) => span.thread,
  );
  let taken = 0;
  return [...threads]
    .toSorted(([one], [other]) => one - other)
    .map(([thread, ofThread]) => {
      const slots = slotsOf(ofThread);
      const slotCount = slots.reduce((most, slot) => Math.max(most, slot + 1), 0);
      const names = Array.from({ length: slotCount }, (_, slot) =>
        [
          ...(threads.size > 1 ? [`${runner} ${thread}`] : []),
          ...(slotCount > 1 || threads.size === 1 ? [`slot ${slot + 1}`] : []),
        ].join(', '),
      );
      const firstTid = taken + 1;
      taken += slotCount;
      return { firstTid, names, spans: ofThread, slots };
    });
}

/**
 * For each of `spans`, which are in order of their start, a slot that is free then, from 0. There are as few slots as
 * possible. Of several free slots it is the one that became free last.
 */
function slotsOf(spans: readonly Span[]): number[] {
  const byEnd = [...spans.keys()].toSorted((a, b) => spans[a]!.endMs - spans[b]!.endMs);
  const free: number[] = [];
  const slots: number[] = [];
  let slotCount = 0;
  let ended = 0;
  for (const { startMs } of spans) {
    for (; ended < byEnd.length && spans[byEnd[ended]!]!.endMs <= startMs; ended++) {
      const slot = slots[byEnd[ended]!];
      // A span without length ends when it starts. It may come here before it has a slot.
      if (slot !== undefined) free.push(slot);
    }
    slots.push(free.pop() ?? slotCount++);
  }
  return slots;
}
