// What live races and saved runs have in common on the page: lanes that stand below each other on one axis, and the
// finding. A frame is drawn only while something moves, or after a change. Otherwise the page rests: it must not take time
// from the race that it shows.
import { drawLane, themeOf } from './draw.js';
import { LaneView } from './lane.js';
import { fillTable, prepareTable } from './table.js';
import { byId, copies, make, wantsStillness, write } from './words.js';

/** @import { AxisWords, LaneChange, Outcome } from '../protocol.ts' */
/** @import { Counts } from './lane.js' */

/** Words and tables change no faster than anybody reads, in milliseconds. */
const WORDS_EVERY_MS = 100;
const TABLE_EVERY_MS = 500;
/** So often for whoever wants no movement. */
export const STILL_EVERY_MS = 500;

/**
 * @typedef {object} Moment
 * @property {number} atMs on the clock of the lane
 * @property {Counts} counts
 * @property {boolean} isMoving whether the next frame will look otherwise
 * @property {boolean} isWhole whether the lane is shown to its end
 */

export class Stage {
  /** @type {Map<string, LaneView>} */
  lanes = new Map();
  /** @type {AxisWords} */
  axis = { lengthMs: 1, ticks: [] };
  #theme = themeOf();
  /** @type {(lane: LaneView) => Moment} */
  #momentOf;
  #mostInFlight = 1;
  #drawnAt = 0;
  #wordsAt = -Infinity;
  #tableAt = -Infinity;
  /** Whether everything has to be drawn anew. */
  #isStale = true;
  /** Whether the words beside the lanes may say what is no longer true. */
  #areWordsStale = true;
  /** The same of the table. */
  #isTableStale = true;
  /** Whether a frame is to come. */
  #isAwake = false;
  /** Wakes the page later. @type {ReturnType<typeof setTimeout> | undefined} */
  #alarm;

  /** @param {(lane: LaneView) => Moment} momentOf */
  constructor(momentOf) {
    this.#momentOf = momentOf;
    prepareTable();
    copies(byId('copy-command', HTMLButtonElement), () => byId('command', HTMLElement).textContent ?? '');
    for (const button of document.querySelectorAll('button')) {
      const { copies: id } = button.dataset;
      if (id !== undefined) copies(button, () => byId(id, HTMLElement).textContent ?? '');
    }
    const dress = () => {
      this.#theme = themeOf();
      for (const lane of this.lanes.values()) lane.dress();
      this.refresh();
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', dress);
    new ResizeObserver(() => this.refresh()).observe(byId('lanes', HTMLElement));
    this.refresh();
  }

  /** Everything is drawn anew in the next frame. */
  refresh() {
    this.#isStale = true;
    this.#wake();
  }

  /** Asks for the next frame. Whoever wants no movement gets it only when it is due. */
  #wake() {
    if (this.#isAwake) return;
    const leftMs = this.#drawnAt + STILL_EVERY_MS - performance.now();
    if (!this.#isStale && wantsStillness() && leftMs > 0) {
      this.#wakeAfter(leftMs);
      return;
    }
    clearTimeout(this.#alarm);
    this.#isAwake = true;
    requestAnimationFrame((time) => {
      this.#isAwake = false;
      this.#draw(time);
    });
  }

  /** @param {number} ms */
  #wakeAfter(ms) {
    clearTimeout(this.#alarm);
    this.#alarm = setTimeout(() => this.#wake(), ms);
  }

  clear() {
    this.lanes.clear();
    byId('lanes', HTMLElement).replaceChildren();
    this.refresh();
  }

  /** @param {LaneChange} change */
  apply(change) {
    const known = this.lanes.get(change.head.name);
    const lane = known ?? new LaneView(change.head);
    if (!known) {
      this.lanes.set(change.head.name, lane);
      byId('lanes', HTMLElement).append(lane.element);
      lane.dress();
    }
    lane.apply(change);
    // Words follow at once where something other than a count has changed.
    this.#wordsAt = -Infinity;
    this.#wake();
  }

  /** @param {AxisWords} axis */
  setAxis(axis) {
    this.axis = axis;
    const line = byId('axis', HTMLElement);
    line.replaceChildren(
      ...axis.ticks.map(({ atMs, label }, index) => {
        const tick = make('span', index % 2 === 1 ? 'minor' : '', label);
        tick.style.left = `${(atMs / axis.lengthMs) * 100}%`;
        return tick;
      }),
    );
    this.refresh();
  }

  /** The lanes in the order in which they finished; guests come last. */
  sort() {
    /** @param {LaneView} lane */
    const rank = ({ head }) => (head.isGuest ? 1000 : (head.place ?? 500));
    const sorted = [...this.lanes.values()].toSorted((one, other) => rank(one) - rank(other));
    this.lanes = new Map(sorted.map((lane) => [lane.head.name, lane]));
    byId('lanes', HTMLElement).append(...sorted.map(({ element }) => element));
    this.refresh();
  }

  /** @param {Outcome | null} outcome */
  conclude(outcome) {
    byId('outcome', HTMLElement).hidden = outcome === null;
    write(byId('finding', HTMLElement), outcome?.finding ?? '');
    write(byId('doubt', HTMLElement), outcome?.doubt ?? '');
    write(byId('command', HTMLElement), outcome?.command ?? '');
  }

  /** @param {number} time */
  #draw(time) {
    this.#drawnAt = time;
    const lanes = [...this.lanes.values()];
    const moments = new Map(lanes.map((lane) => [lane, this.#momentOf(lane)]));
    const at = (/** @type {LaneView} */ lane) => /** @type {Moment} */ (moments.get(lane));
    this.#drawLanes(lanes, at);
    this.#say(lanes, at, time);
    if (lanes.some((lane) => at(lane).isMoving)) this.#wake();
    else this.#restUntilWords(time);
  }

  /** @param {readonly LaneView[]} lanes @param {(lane: LaneView) => Moment} at */
  #drawLanes(lanes, at) {
    const mostInFlight = Math.max(1, ...lanes.map(({ head }) => head.peakInFlight));
    if (mostInFlight !== this.#mostInFlight) {
      // All lanes share the height of the strip.
      this.#mostInFlight = mostInFlight;
      this.#isStale = true;
    }
    const stale = lanes.filter((lane) => this.#isStale || lane.isStale || at(lane).isMoving);
    for (const lane of stale) {
      const { atMs, isMoving } = at(lane);
      // What moves has to be drawn once more when it has come to rest.
      lane.isStale = isMoving;
      drawLane(lane, { atMs, axis: this.axis, mostInFlight, theme: this.#theme });
      lane.pulse(atMs);
    }
    if (this.#isStale || stale.length > 0) {
      this.#areWordsStale = true;
      this.#isTableStale = true;
    }
    this.#isStale = false;
  }

  /** @param {readonly LaneView[]} lanes @param {(lane: LaneView) => Moment} at @param {number} time */
  #say(lanes, at, time) {
    if (this.#areWordsStale && time - this.#wordsAt >= WORDS_EVERY_MS) {
      this.#areWordsStale = false;
      this.#wordsAt = time;
      for (const lane of lanes) {
        const { atMs, counts, isWhole } = at(lane);
        lane.say(atMs, counts, isWhole);
      }
    }
    if (this.#isTableStale && time - this.#tableAt >= TABLE_EVERY_MS) {
      this.#isTableStale = false;
      this.#tableAt = time;
      fillTable(lanes, at);
    }
  }

  /** Nothing moves, but there may be words and a table that were not yet due. @param {number} time */
  #restUntilWords(time) {
    const dues = [];
    if (this.#areWordsStale) dues.push(this.#wordsAt + WORDS_EVERY_MS);
    if (this.#isTableStale) dues.push(this.#tableAt + TABLE_EVERY_MS);
    if (dues.length > 0) this.#wakeAfter(Math.min(...dues) - time);
  }
}
