// All lanes of a race, with the axis that they share: everything that a page shows. The code that changes it need not know
// the pages.
import { now } from '../api/clock.ts';
import type { LaneBatch, LaneEnd, LaneStart } from '../api/lanes.ts';
import { axisEnd, ticks } from '../report/axis.ts';
import { roundDuration } from '../report/units.ts';
import { Lane, type LaneOptions } from './lane.ts';
import type { AxisWords, Change, RaceHead } from './protocol.ts';

/** The most lanes of clients that the race did not start. */
export const MOST_GUESTS = 8;
/** A guest that was quiet for so long begins a new run with its next request, in milliseconds. */
const QUIET_MS = 2000;
/** An axis that has become too short grows by this factor, or it would grow with every message. */
const GROWTH = 1.25;
/** Where nothing runs yet, in milliseconds. */
const EMPTY_AXIS_MS = 1000;

export const axisOf = (longestMs: number): AxisWords => {
  const lengthMs = axisEnd(longestMs);
  return { lengthMs, ticks: ticks(lengthMs).map((atMs) => ({ atMs, label: roundDuration(atMs) })) };
};

/** Statuses that are a whole and good answer. */
const isOk = (status: number): boolean => status >= 200 && status <= 299;

export class Board {
  #race: RaceHead = {
    phase: 'idle',
    says: 'Ready. Start begins the race.',
    settings: '',
    asked: null,
    outcome: null,
  };
  #axis = axisOf(EMPTY_AXIS_MS);
  #lanes = new Map<string, Lane>();
  /** Whose request it is, for each that is in flight. */
  readonly #open = new Map<number, Lane>();
  /** What the next change must say beside the lanes. */
  #fresh = { race: true, axis: true, isWhole: true };

  get race(): RaceHead {
    return this.#race;
  }

  /** Sets up the lanes of a race. The lanes of the guests of the race before are removed. */
  begin(lanes: readonly LaneOptions[], race: Pick<RaceHead, 'settings' | 'asked'>): void {
    this.#lanes = new Map(lanes.map((options) => [options.name, new Lane(options)]));
    this.#open.clear();
    this.#race = { phase: 'running', says: 'Getting ready.', ...race, outcome: null };
    this.#setAxis(Math.max(EMPTY_AXIS_MS / 10, ...lanes.map(({ limitMs }) => limitMs ?? 0)));
    this.#fresh = { race: true, axis: true, isWhole: true };
  }

  /** The lane of an approach in this race. */
  lane(name: string): Lane | undefined {
    return this.#lanes.get(name);
  }

  /** The lanes that the race itself runs. */
  get racing(): Lane[] {
    return [...this.#lanes.values()].filter((lane) => !lane.isGuest);
  }

  tell(race: Partial<RaceHead>): void {
    this.#race = { ...this.#race, ...race };
    this.#fresh.race = true;
  }

  /** Once nothing grows any more, the axis is as long as what is on it. */
  fitAxis(): void {
    const lengths = [...this.#lanes.values()].flatMap((lane) => [lane.extentMs, lane.limitMs ?? 0]);
    this.#setAxis(Math.max(1, ...lengths));
  }

  #setAxis(longestMs: number): void {
    this.#axis = axisOf(longestMs);
    this.#fresh.axis = true;
  }

  /** What the API saw. */
  see({ events, lost }: LaneBatch): void {
    for (const event of events) {
      if ('lane' in event) this.#start(event);
      else this.#end(event);
    }
    if (lost > 0)
      this.tell({ says: `The race could not follow the API: ${lost} events are missing in the picture.` });
  }

  #start({ key, lane: name, id, atMs }: LaneStart): void {
    const lane = this.#lanes.get(name) ?? this.#newGuest(name);
    if (!lane) return;
    if (lane.isGuest) this.#wakeGuest(lane, atMs);
    // An approach that warms up, or has ended, shows nothing.
    if (!lane.isOpen) return;
    this.#open.set(key, lane);
    lane.start(key, id, atMs - lane.zeroAtMs);
  }

  #end({ key, status, atMs }: LaneEnd): void {
    const lane = this.#open.get(key);
    if (!lane) return;
    this.#open.delete(key);
    lane.end(key, isOk(status), atMs - lane.zeroAtMs);
    if (lane.isGuest && lane.inFlight === 0) lane.finish(atMs - lane.zeroAtMs);
  }

  /** undefined where there are too many already. */
  #newGuest(name: string): Lane | undefined {
    const guests = this.#lanes.size - this.racing.length;
    if (guests >= MOST_GUESTS) return undefined;
    const about = 'a client that this race did not start; the API sees its requests';
    const lane = new Lane({ name, about, isGuest: true, limitMs: null, expected: null });
    this.#lanes.set(name, lane);
    return lane;
  }

  #wakeGuest(lane: Lane, atMs: number): void {
    const isQuiet = lane.inFlight === 0 && atMs - (lane.zeroAtMs + lane.extentMs) > QUIET_MS;
    if (lane.phase === 'waits' || isQuiet) lane.begin(atMs);
    else lane.enter('runs');
  }

  /** What has changed since the last call; undefined where nothing has. */
  take(): Change | undefined {
    const longestMs = Math.max(0, ...Array.from(this.#lanes.values(), ({ extentMs }) => extentMs));
    if (longestMs > this.#axis.lengthMs) this.#setAxis(longestMs * GROWTH);
    const lanes = [...this.#lanes.values()]
      .map((lane) => lane.take())
      .filter((change) => change !== undefined);
    const { race, axis, isWhole } = this.#fresh;
    if (!race && !axis && lanes.length === 0) return undefined;
    this.#fresh = { race: false, axis: false, isWhole: false };
    return {
      atMs: now(),
      isWhole,
      ...(race && { race: this.#race }),
      ...(axis && { axis: this.#axis }),
      lanes,
    };
  }

  /** All there is, for a page that has just come or has missed something. */
  whole(): Change {
    return {
      atMs: now(),
      isWhole: true,
      race: this.#race,
      axis: this.#axis,
      lanes: Array.from(this.#lanes.values(), (lane) => lane.whole()),
    };
  }
}
