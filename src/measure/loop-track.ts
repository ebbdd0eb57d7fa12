// Records how late the event loop was, over time: a timer notes how late it is called. When the record is full, its steps
// double in length. So a long run takes no more memory than a short one.
import { now } from '../api/clock.ts';

/** The worst lateness in each of equal steps of time. */
export interface LoopTrack {
  /** On the clock of the spans. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly lateMs: readonly number[];
}

/** A tick takes some microseconds of the CPU time that is measured, so there are few of them. */
const TICK_MS = 10;
/** Timers count whole milliseconds. So a shorter delay does not mean that the loop was late. */
const NOISE_MS = 1;
const STEPS = 512;

/** A record of lateness from `startMs` on, in at most `steps` steps. */
export class LoopRecord {
  readonly #startMs: number;
  readonly #steps: number;
  #stepMs: number;
  #lateMs: number[] = [];

  constructor(startMs: number, stepMs: number, steps: number) {
    this.#startMs = startMs;
    this.#stepMs = stepMs;
    this.#steps = steps;
  }

  /** Something kept the loop from `dueMs` to `calledMs`. All steps in between get the lateness at the end. */
  add(dueMs: number, calledMs: number): void {
    while (calledMs - this.#startMs >= this.#stepMs * this.#steps) this.#halve();
    const step = (ms: number) => Math.max(0, Math.floor((ms - this.#startMs) / this.#stepMs));
    for (let index = this.#lateMs.length; index <= step(calledMs); index++) this.#lateMs.push(0);
    const late = calledMs - dueMs;
    if (late < NOISE_MS) return;
    for (let index = step(dueMs); index <= step(calledMs); index++) {
      this.#lateMs[index] = Math.max(this.#lateMs[index]!, late);
    }
  }

  #halve(): void {
    this.#lateMs = this.#lateMs
      .filter((_, index) => index % 2 === 0)
      .map((late, index) => Math.max(late, this.#lateMs[2 * index + 1] ?? 0));
    this.#stepMs *= 2;
  }

  /** The part from `fromMs` to `toMs`, in whole steps. */
  between(fromMs: number, toMs: number): LoopTrack {
    const first = Math.max(0, Math.floor((fromMs - this.#startMs) / this.#stepMs));
    const end = Math.max(first, Math.ceil((toMs - this.#startMs) / this.#stepMs));
    return {
      startMs: this.#startMs + first * this.#stepMs,
      stepMs: this.#stepMs,
      lateMs: this.#lateMs.slice(first, end).map((late) => Math.round(late * 100) / 100),
    };
  }
}

/** Watches this thread's event loop until the returned function is called; the record ends with that moment. */
export function trackLoop(): () => LoopRecord {
  let calledMs = now();
  const record = new LoopRecord(calledMs, TICK_MS / 2, STEPS);
  const tick = () => {
    const dueMs = calledMs + TICK_MS;
    calledMs = now();
    record.add(Math.min(dueMs, calledMs), calledMs);
  };
  const timer = setInterval(tick, TICK_MS).unref();
  return () => {
    clearInterval(timer);
    tick();
    return record;
  };
}
