// One lane as the server knows it: its bars, its beats, its counts, and which of them no page has been told yet.
import { now } from '../api/clock.ts';
import type { BarEnd, BarStart, LaneChange, LaneHead, LanePhase, MeasuredWords } from './protocol.ts';

/** The most bars of a lane. More requests are counted and not drawn: nobody could tell their bars apart. */
export const MOST_BARS = 4000;
/** The most beats of a lane: those of ten minutes. */
const MOST_BEATS = 12_000;

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

interface Bar {
  readonly start: BarStart;
  /** Absent while it is in flight. */
  end?: BarEnd;
}

export interface LaneOptions {
  readonly name: string;
  readonly about: string;
  readonly isGuest: boolean;
  readonly limitMs: number | null;
  readonly expected: number | null;
}

export class Lane {
  readonly #options: LaneOptions;
  #bars = new Map<number, Bar>();
  /** Requests in flight, those without a bar too. */
  #open = new Set<number>();
  #beats: number[] = [];
  #phase: LanePhase = 'waits';
  /**
   * Whether new requests belong to this run. The process may report the end of the run before the API's last events arrive.
   */
  #isOpen = false;
  #zeroAtMs = 0;
  #tookMs: number | null = null;
  #lastAtMs = 0;
  #peakInFlight = 0;
  #done = 0;
  #failed = 0;
  #undrawn = 0;
  #place: number | null = null;
  #measured: MeasuredWords | null = null;
  #error: string | null = null;
  /** What `take` has not returned yet. */
  #fresh = {
    isChanged: true,
    isNew: true,
    starts: [] as BarStart[],
    ends: [] as BarEnd[],
    beats: [] as number[],
  };

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get phase(): LanePhase {
    return this.#phase;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isGuest(): boolean {
    return this.#options.isGuest;
  }

  get tookMs(): number | null {
    return this.#tookMs;
  }

  get limitMs(): number | null {
    return this.#options.limitMs;
  }

  get inFlight(): number {
    return this.#open.size;
  }

  get peakInFlight(): number {
    return this.#peakInFlight;
  }

  /** On the server's clock. */
  get zeroAtMs(): number {
    return this.#zeroAtMs;
  }

  /** How much of the axis it needs at this moment. */
  get extentMs(): number {
    const growsMs = this.#phase === 'runs' && this.#open.size > 0 ? now() - this.#zeroAtMs : 0;
    return Math.max(this.#lastAtMs, this.#tookMs ?? 0, growsMs);
  }

  /** Begins a run: what was there before is gone. */
  begin(zeroAtMs: number): void {
    this.#bars.clear();
    this.#open.clear();
    this.#beats = [];
    this.#phase = 'runs';
    this.#isOpen = true;
    this.#zeroAtMs = zeroAtMs;
    this.#tookMs = null;
    this.#lastAtMs = 0;
    this.#peakInFlight = 0;
    this.#done = 0;
    this.#failed = 0;
    this.#undrawn = 0;
    this.#fresh = { isChanged: true, isNew: true, starts: [], ends: [], beats: [] };
  }

  /**
   * Corrects the moment at which the run began. After the first request nothing is corrected, because the bars already count
   * from the old moment.
   */
  beganAt(zeroAtMs: number): void {
    if (this.#peakInFlight > 0) return;
    this.#zeroAtMs = zeroAtMs;
    this.#fresh.isChanged = true;
  }

  /** All requests of the run are there. */
  close(): void {
    this.#isOpen = false;
  }

  enter(phase: LanePhase): void {
    this.#phase = phase;
    this.#fresh.isChanged = true;
  }

  /** `atMs` counts from the beginning of the run, here and below. */
  start(key: number, id: number, atMs: number): void {
    this.#open.add(key);
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#open.size);
    this.#fresh.isChanged = true;
    this.#lastAtMs = Math.max(this.#lastAtMs, atMs);
    if (this.#bars.size >= MOST_BARS) {
      this.#undrawn++;
      return;
    }
    const start = { key, id, atMs: rounded(Math.max(0, atMs)) };
    this.#bars.set(key, { start });
    this.#fresh.starts.push(start);
  }

  end(key: number, isOk: boolean, atMs: number): void {
    if (!this.#open.delete(key)) return;
    if (isOk) this.#done++;
    else this.#failed++;
    this.#fresh.isChanged = true;
    this.#lastAtMs = Math.max(this.#lastAtMs, atMs);
    const bar = this.#bars.get(key);
    if (!bar) return;
    bar.end = { key, atMs: rounded(atMs), isOk };
    this.#fresh.ends.push(bar.end);
  }

  beat(atMs: number): void {
    if (this.#beats.length >= MOST_BEATS) return;
    const beat = rounded(Math.max(0, atMs));
    this.#beats.push(beat);
    this.#fresh.beats.push(beat);
    this.#fresh.isChanged = true;
  }

  /** The run is over, after `tookMs`. */
  finish(tookMs: number): void {
    this.#tookMs = tookMs;
    this.enter('done');
  }

  fail(error: string): void {
    this.#error = error;
    this.enter('failed');
  }

  tell(measured: MeasuredWords, place: number | null): void {
    this.#measured = measured;
    this.#place = place;
    this.#fresh.isChanged = true;
  }

  /** What has changed since the last call; undefined where nothing has. */
  take(): LaneChange | undefined {
    const { isChanged, isNew, starts, ends, beats } = this.#fresh;
    if (!isChanged) return undefined;
    this.#fresh = { isChanged: false, isNew: false, starts: [], ends: [], beats: [] };
    return { head: this.#head(), isNew, starts, ends, beats };
  }

  /** All there is. */
  whole(): LaneChange {
    const bars = [...this.#bars.values()];
    return {
      head: this.#head(),
      isNew: true,
      starts: bars.map(({ start }) => start),
      ends: bars.flatMap(({ end }) => (end ? [end] : [])),
      beats: this.#beats,
    };
  }

  #head(): LaneHead {
    return {
      ...this.#options,
      phase: this.#phase,
      zeroAtMs: this.#zeroAtMs,
      tookMs: this.#tookMs,
      inFlight: this.#open.size,
      peakInFlight: this.#peakInFlight,
      done: this.#done,
      failed: this.#failed,
      undrawn: this.#undrawn,
      place: this.#place,
      measured: this.#measured,
      error: this.#error,
    };
  }
}
