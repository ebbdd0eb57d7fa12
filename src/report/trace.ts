// A comparison as Trace Event JSON, which Perfetto, speedscope and chrome://tracing open: a process for each
// approach, a lane for each slot or thread, and counters for what is in flight and how late the loop is.
// Format: "Trace Event Format" of the Chromium project; times are whole microseconds.
import { windowOf, type Span } from '../running/recorded.ts';
import { isMeasured, type Comparison, type Row } from '../measure/comparison.ts';
import { inFlight } from './in-flight.ts';

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

/** Every approach starts at 0, so that they lie side by side as if they had started together. */
export function traceOf(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ job, rows }) => rows.filter(isMeasured).map((row) => ({ job, row })));
  const events = rows.flatMap(({ job, row }, index) => eventsOf(row, job, index + 1));
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  return `${TRACE_MARK},"displayTimeUnit":"ms","traceEvents":[\n${lines}\n]}\n`;
}

function eventsOf({ approach, spans, loopTrack }: Row, job: string, pid: number): TraceEvent[] {
  const [startMs] = windowOf(spans);
  const micros = (ms: number) => Math.round((ms - startMs) * 1000);
  const naming = (name: string, tid: number, args: TraceEvent['args']): TraceEvent => {
    return { name, ph: 'M', pid, tid, ts: 0, args };
  };
  const counter = (name: string, atMs: number, value: number): TraceEvent => {
    return { name, ph: 'C', pid, tid: 0, ts: Math.max(0, micros(atMs)), args: { [name]: value } };
  };
  const lanes = lanesOf(spans);
  const names = new Map(lanes.map(({ tid, name }) => [tid, name]));
  return [
    naming('process_name', 0, { name: `${job}: ${approach}` }),
    naming('process_sort_index', 0, { sort_index: pid }),
    ...Array.from(names, ([tid, name]) => naming('thread_name', tid, { name })),
    ...Array.from(names, ([tid]) => naming('thread_sort_index', tid, { sort_index: tid })),
    ...lanes.map(({ span, tid }): TraceEvent => {
      const { input, outcome, error } = span;
      const ts = micros(span.startMs);
      const args = { order: input, outcome, ...(error !== undefined && { error }) };
      return {
        name: `order ${input}`,
        ph: 'X',
        cat: outcome,
        pid,
        tid,
        ts,
        dur: micros(span.endMs) - ts,
        args,
      };
    }),
    ...inFlight(spans).map(({ atMs, open }) => counter('in flight', atMs, open)),
    ...loopTrack.lateMs.map((late, step) =>
      counter('loop late (ms)', loopTrack.startMs + step * loopTrack.stepMs, late),
    ),
  ];
}

interface Lane {
  readonly span: Span;
  readonly tid: number;
  readonly name: string;
}

/** For each span a lane of its thread that is free when it starts; lanes are numbered from 1. */
function lanesOf(spans: readonly Span[]): Lane[] {
  const threads = Map.groupBy(
    spans.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs),
    (span) => span.thread,
  );
  const lanes: Lane[] = [];
  let taken = 0;
  for (const [thread, ofThread] of [...threads].toSorted(([one], [other]) => one - other)) {
    const slots = slotsOf(ofThread);
    const slotCount = slots.reduce((most, slot) => Math.max(most, slot), 0);
    const nameOf = (slot: number) => [
      ...(threads.size > 1 ? [`thread ${thread}`] : []),
      ...(slotCount > 1 || threads.size === 1 ? [`slot ${slot}`] : []),
    ];
    for (const [index, span] of ofThread.entries()) {
      const slot = slots[index]!;
      lanes.push({ span, tid: taken + slot, name: nameOf(slot).join(', ') });
    }
    taken += slotCount;
  }
  return lanes;
}

/** For each of `spans`, which are in order of start, a slot that is free then, from 1; as few as possible, so of
 * several the one freed last. */
function slotsOf(spans: readonly Span[]): number[] {
  const byEnd = [...spans.keys()].toSorted((a, b) => spans[a]!.endMs - spans[b]!.endMs);
  const free: number[] = [];
  const slots: number[] = [];
  let [slotCount, ended] = [0, 0];
  for (const { startMs } of spans) {
    // A span without length may end before its turn comes here; it has no slot to give back yet.
    for (; ended < byEnd.length && spans[byEnd[ended]!]!.endMs <= startMs; ended++) {
      const slot = slots[byEnd[ended]!];
      if (slot !== undefined) free.push(slot);
    }
    slots.push(free.pop() ?? ++slotCount);
  }
  return slots;
}
