// One lane on the page: what is known of it, and the elements that show it. The picture itself is drawn elsewhere.
import { HEIGHT, STILL_MS } from './draw.js';
import { make, seconds, write } from './words.js';

/** @import { LaneChange, LaneHead, MeasuredWords } from '../protocol.ts' */

/**
 * The counts of a lane at the moment that is shown. @typedef {{ inFlight: number, done: number, failed: number }} Counts
 */

/** @type {Readonly<Record<LaneHead['phase'], string>>} */
const PHASES = {
  waits: 'waits for its turn',
  'warms up': 'warms up',
  runs: 'runs',
  done: 'done',
  failed: 'no measurement',
  'left out': 'left out',
  stopped: 'stopped',
};

/** What stands where there is no figure. */
export const NONE = '–';

const PLACES = ['', '1st', '2nd', '3rd'];
/** @param {number} place */
export const placeText = (place) => PLACES[place] ?? `${place}th`;

export class LaneView {
  /** @type {LaneHead} */
  head;
  /** Bars, by their place in the order of their starts. @type {number[]} */
  starts = [];
  /** undefined while in flight. @type {Array<number | undefined>} */
  ends = [];
  /** @type {Array<boolean | undefined>} */
  oks = [];
  /** @type {number[]} */
  endsInOrder = [];
  /** @type {number[]} */
  beats = [];
  /** The last moment that anything is known of. */
  knownMs = 0;
  /** @type {Map<number, number>} */
  #places = new Map();
  /** Whether it looks other than it was drawn. */
  isStale = true;
  hue = '';

  /** @param {LaneHead} head */
  constructor(head) {
    this.head = head;
    this.element = make('article', `panel lane ${head.isGuest ? 'guest' : head.name}`);
    this.element.dataset['lane'] = head.name;
    const header = make('header');
    this.place = make('span', 'place');
    this.time = make('p', 'time');
    this.state = make('p', 'state');
    this.counts = make('p', 'counts');
    this.spread = make('p', 'spread');
    this.gain = make('p', 'gain');
    this.ideal = make('p', 'ideal');
    this.note = make('p', 'note');
    this.error = make('pre', 'error');
    this.heart = make('span', 'heart', '♥');
    this.heart.setAttribute('aria-hidden', 'true');
    const name = make('h3', '', head.name);
    header.append(name, this.time, this.spread, this.state, this.counts, this.gain, this.ideal);
    header.append(make('p', 'about', head.about));
    name.append(' ', this.place, this.heart);
    const plot = make('div', 'plot');
    this.canvas = make('canvas');
    this.canvas.style.height = `${HEIGHT}px`;
    // The table says the same, and better.
    this.canvas.setAttribute('aria-hidden', 'true');
    plot.append(this.canvas, this.note, this.error);
    this.element.append(header, plot);
    this.heart.hidden = head.isGuest;
  }

  /** What there is to see on this page, once it is in it. */
  dress() {
    this.hue = getComputedStyle(this.element).getPropertyValue('--hue').trim();
    this.isStale = true;
  }

  /** @param {LaneChange} change */
  apply({ head, isNew, starts, ends, beats }) {
    this.head = head;
    this.isStale = true;
    if (isNew) {
      this.starts = [];
      this.ends = [];
      this.oks = [];
      this.endsInOrder = [];
      this.beats = [];
      this.knownMs = 0;
      this.#places.clear();
    }
    for (const { key, atMs } of starts) {
      this.#places.set(key, this.starts.length);
      this.starts.push(atMs);
      this.ends.push(undefined);
      this.oks.push(undefined);
      this.knownMs = Math.max(this.knownMs, atMs);
    }
    for (const { key, atMs, isOk } of ends) {
      const place = this.#places.get(key);
      if (place === undefined) continue;
      this.#places.delete(key);
      this.ends[place] = atMs;
      this.oks[place] = isOk;
      this.endsInOrder.push(atMs);
      this.knownMs = Math.max(this.knownMs, atMs);
    }
    for (const beatMs of beats) this.beats.push(beatMs);
    this.knownMs = Math.max(this.knownMs, beats.at(-1) ?? 0);
  }

  get isRunning() {
    return this.head.phase === 'runs';
  }

  /** Where the picture ends: nowhere while it runs. */
  get lastMs() {
    if (this.isRunning) return Infinity;
    const { tookMs } = this.head;
    if (tookMs === null) return this.knownMs;
    return Math.max(tookMs, this.endsInOrder.at(-1) ?? 0);
  }

  /** The counts at a moment, from the bars. @param {number} atMs @returns {Counts} */
  countsAt(atMs) {
    const counts = { inFlight: 0, done: 0, failed: 0 };
    for (const [index, startMs] of this.starts.entries()) {
      if (startMs > atMs) continue;
      if ((this.ends[index] ?? Infinity) > atMs) counts.inFlight++;
      else if (this.oks[index]) counts.done++;
      else counts.failed++;
    }
    return counts;
  }

  /** How long the loop has stood still at this moment; 0 where it has not. @param {number} atMs */
  stillFor(atMs) {
    const last = this.beats.findLast((beatMs) => beatMs <= atMs) ?? 0;
    const stillMs = atMs - last;
    return stillMs >= STILL_MS ? stillMs : 0;
  }

  /** The words beside the picture. @param {number} atMs @param {Counts} counts @param {boolean} isShownWhole */
  say(atMs, counts, isShownWhole) {
    const { name, phase, tookMs, place, undrawn, error, isGuest } = this.head;
    const isMoving = !isShownWhole && (tookMs === null || atMs < tookMs);
    const stillMs = isMoving && !isGuest && this.isRunning ? this.stillFor(atMs) : 0;
    const hasBegun = phase === 'runs' || tookMs !== null || phase === 'stopped';
    // While a run is shown it is its own time that counts, and afterwards that of all turns.
    const measured = isMoving ? null : this.head.measured;
    const runTime = hasBegun ? seconds(Math.min(atMs, tookMs ?? this.lastMs)) : '';
    write(this.time, measured?.median ?? runTime);
    write(this.spread, measured?.spread ?? '');
    const shown = phase === 'done' && isMoving ? 'runs' : phase;
    const state = measured && shown === 'done' ? '' : PHASES[shown];
    write(this.state, stillMs > 0 ? `stands still for ${seconds(stillMs)}` : state);
    this.state.classList.toggle('bad', stillMs > 0 || phase === 'failed');
    write(this.place, place === null || isMoving ? '' : placeText(place));
    write(
      this.counts,
      hasBegun ? `in flight ${counts.inFlight}, done ${counts.done}, failed ${counts.failed}` : '',
    );
    const speedup = measured?.speedup ?? NONE;
    write(this.gain, speedup === NONE || name === 'sequential' ? '' : `${speedup} as fast as sequential`);
    const ofLimit = measured?.ofLimit ?? NONE;
    write(this.ideal, ofLimit === NONE ? '' : `${ofLimit} of ideal`);
    const notDrawn = undrawn > 0 ? `${undrawn} more requests are counted and not drawn.` : '';
    const differs = measured ? this.#differs(measured) : '';
    write(this.note, `${notDrawn} ${differs}`.trim());
    write(this.error, error ?? '');
    this.error.hidden = error === null;
  }

  /**
   * What the approach measured, where that is not what the API saw in the run that is drawn: a refusal that was tried again
   * is no failure, a broken body is no success, and another turn may have met more failures. Empty where both agree.
   * @param {MeasuredWords} measured
   */
  #differs({ succeeded, failed }) {
    const { isGuest, done, failed: seenFailed } = this.head;
    /** @param {number} count */
    const words = (count) => count.toLocaleString('en');
    if (isGuest || (words(done) === succeeded && words(seenFailed) === failed)) return '';
    return `Measured by the approach, in the turn with the most failures: ${succeeded} succeeded, ${failed} failed. The bars are what the API saw in the last turn.`;
  }

  /** Lights the heart up for each beat. @param {number} atMs */
  pulse(atMs) {
    const last = this.beats.findLast((beatMs) => beatMs <= atMs);
    const isLit = this.isRunning && last !== undefined && atMs - last < STILL_MS;
    this.heart.classList.toggle('lit', isLit);
  }
}
