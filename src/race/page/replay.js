// A saved run, played at any speed. All lanes begin at one moment, whenever they really ran.
import { STILL_EVERY_MS, Stage } from './stage.js';
import { byId, make, seconds, wantsStillness, write } from './words.js';

/** @import { Replay, ReplayComparison } from '../protocol.ts' */

const STEPS = 1000;

export async function replay() {
  const play = byId('play', HTMLButtonElement);
  const scrub = byId('scrub', HTMLInputElement);
  const speed = byId('speed', HTMLSelectElement);
  const which = byId('comparison', HTMLSelectElement);
  /** The moment that is shown. */
  let timeMs = 0;
  /** Whether it moves on by itself. */
  let isPlaying = false;
  /** When the last frame was, on the page's clock. */
  let frameAt = 0;
  /** Whether a frame is to come. */
  let isAsked = false;
  const stage = new Stage((lane) => ({
    atMs: Math.min(timeMs, lane.lastMs),
    counts: lane.countsAt(timeMs),
    // No frame has to follow by itself: `seek` asks for one at each moment.
    isMoving: false,
    isWhole: timeMs >= lane.lastMs,
  }));
  const response = await fetch('/replay.json');
  const { file, comparisons } = /** @type {Replay} */ (await response.json());
  for (const { job } of comparisons) which.append(make('option', '', job));
  byId('which', HTMLElement).hidden = comparisons.length < 2;
  which.addEventListener('change', () => show(comparisons[which.selectedIndex]));
  play.addEventListener('click', () => {
    if (!isPlaying && timeMs >= stage.axis.lengthMs) seek(0);
    setPlaying(!isPlaying);
  });
  scrub.addEventListener('input', () => {
    setPlaying(false);
    seek((Number(scrub.value) / STEPS) * stage.axis.lengthMs);
  });
  play.disabled = false;
  show(comparisons[0]);

  /** The whole run at first, as a picture. @param {ReplayComparison | undefined} comparison */
  function show(comparison) {
    if (!comparison) return;
    setPlaying(false);
    stage.clear();
    stage.setAxis(comparison.axis);
    for (const lane of comparison.lanes) stage.apply(lane);
    stage.sort();
    stage.conclude(comparison.outcome);
    write(byId('says', HTMLElement), `From ${file}.`);
    write(byId('asked', HTMLElement), comparison.settings);
    seek(comparison.axis.lengthMs);
  }

  /** @param {boolean} next */
  function setPlaying(next) {
    isPlaying = next;
    play.textContent = isPlaying ? 'Pause' : 'Play';
    frameAt = performance.now();
    if (isPlaying && !isAsked) ask();
  }

  /** @param {number} nextMs */
  function seek(nextMs) {
    for (const lane of stage.lanes.values()) {
      const { name, tookMs, done, failed } = lane.head;
      if (isPlaying && tookMs !== null && timeMs < tookMs && nextMs >= tookMs) {
        write(
          byId('live', HTMLElement),
          `${name}: finished after ${seconds(tookMs)}, ${done} done, ${failed} failed.`,
        );
      }
    }
    timeMs = Math.min(stage.axis.lengthMs, nextMs);
    scrub.value = String(Math.round((timeMs / stage.axis.lengthMs) * STEPS));
    scrub.setAttribute('aria-valuetext', seconds(timeMs));
    write(byId('time', HTMLElement), seconds(timeMs));
    stage.refresh();
  }

  /** Whoever wants no movement sees a picture twice a second. */
  function ask() {
    isAsked = true;
    if (wantsStillness()) setTimeout(() => requestAnimationFrame(frame), STILL_EVERY_MS);
    else requestAnimationFrame(frame);
  }

  /** @param {number} now */
  function frame(now) {
    isAsked = false;
    if (!isPlaying) return;
    // `now` is when the frame began. For the first frame, that may be before the button was pressed.
    const passedMs = Math.max(0, now - frameAt);
    frameAt = now;
    seek(timeMs + passedMs * Number(speed.value));
    if (timeMs >= stage.axis.lengthMs) setPlaying(false);
    else ask();
  }
}
