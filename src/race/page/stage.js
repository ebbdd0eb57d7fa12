// What live races and saved runs have in common on the page: lanes that stand below each other on one axis, and the
// finding.
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
const STILL_EVERY_MS = 500;

/**
 * @typedef {object} Moment
 * @property {number} atMs on the clock of the lane
 * @property {Counts} counts
 * @property {boolean} isMoving whether another moment will look otherwise
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
  #wordsAt = 0;
  #tableAt = 0;
  /** Whether everything has to be drawn anew. */
  #isStale = true;

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
    const frame = (/** @type {number} */ time) => {
      this.#draw(time);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** Everything is drawn anew in the next frame. */
  refresh() {
    this.#isStale = true;
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
    // Words and table follow at once where something other than a count has changed.
    this.#wordsAt = 0;
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
    if (!this.#isStale && wantsStillness() && time - this.#drawnAt < STILL_EVERY_MS) return;
    this.#drawnAt = time;
    const lanes = [...this.lanes.values()];
    const moments = new Map(lanes.map((lane) => [lane, this.#momentOf(lane)]));
    const at = (/** @type {LaneView} */ lane) => /** @type {Moment} */ (moments.get(lane));
    const mostInFlight = Math.max(1, ...lanes.map(({ head }) => head.peakInFlight));
    if (mostInFlight !== this.#mostInFlight) {
      // All lanes share the height of the strip.
      this.#mostInFlight = mostInFlight;
      this.#isStale = true;
    }
    for (const lane of lanes) {
      const { atMs, isMoving } = at(lane);
      if (!this.#isStale && !lane.isStale && !isMoving) continue;
      lane.isStale = isMoving;
      drawLane(lane, { atMs, axis: this.axis, mostInFlight, theme: this.#theme });
      lane.pulse(atMs);
    }
    this.#isStale = false;
    if (time - this.#wordsAt >= WORDS_EVERY_MS) {
      this.#wordsAt = time;
      for (const lane of lanes) {
        const { atMs, counts, isMoving } = at(lane);
        lane.say(atMs, counts, !isMoving);
      }
    }
    if (time - this.#tableAt >= TABLE_EVERY_MS) {
      this.#tableAt = time;
      fillTable(lanes, at);
    }
  }
}
