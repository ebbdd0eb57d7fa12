// A race that runs now: follows the server's stream, and shows the moment just before now, so that the end of a bar is
// known before the bar would grow past it.
import { prepareForm, showButtons } from './form.js';
import { Stage } from './stage.js';
import { byId, seconds, write } from './words.js';

/** @import { Change, LaneHead, RaceHead } from '../protocol.ts' */

/** The server tells what happened every 33 ms. */
const BEHIND_MS = 80;
/** How long until a stream that the server refused is asked for again. */
const RETRY_MS = 2000;

export function live() {
  /** What the server told last. @type {RaceHead | undefined} */
  let race;
  /** Whether the stream is open: without it no button would show what it does. */
  let isConnected = false;
  /** What to add to this page's clock to get the server's; the largest seen is the one with the least delay. */
  let aheadMs = -Infinity;
  prepareForm();
  const stage = new Stage((lane) => {
    const atMs = performance.now() + aheadMs - BEHIND_MS - lane.head.zeroAtMs;
    const isMoving = lane.isRunning || (lane.head.tookMs !== null && atMs < lane.head.tookMs);
    const { inFlight, done, failed } = lane.head;
    return {
      atMs: isMoving ? atMs : lane.lastMs,
      counts: { inFlight, done, failed },
      isMoving,
      isWhole: !isMoving,
    };
  });
  connect();

  function connect() {
    const stream = new EventSource('/events');
    stream.addEventListener('open', () => {
      isConnected = true;
      write(byId('connection', HTMLElement), '');
      showButtons(race, isConnected);
    });
    stream.addEventListener('message', ({ data }) => apply(/** @type {Change} */ (JSON.parse(data))));
    stream.addEventListener('error', () => {
      isConnected = false;
      write(byId('connection', HTMLElement), 'The connection to the server is lost. Trying again.');
      showButtons(race, isConnected);
      // The browser comes back by itself, unless the server refused it.
      if (stream.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
  }

  /** @param {Change} change */
  function apply(change) {
    const nowAheadMs = change.atMs - performance.now();
    // Each race compares the clocks anew: of two, one may have slept.
    aheadMs = change.isWhole ? nowAheadMs : Math.max(aheadMs, nowAheadMs);
    if (change.isWhole) stage.clear();
    if (change.axis) stage.setAxis(change.axis);
    for (const lane of change.lanes) {
      announce(stage.lanes.get(lane.head.name)?.head, lane.head);
      stage.apply(lane);
    }
    if (!change.race) return;
    race = change.race;
    write(byId('says', HTMLElement), race.says);
    write(byId('asked', HTMLElement), race.settings);
    stage.conclude(race.outcome);
    if (race.outcome) {
      stage.sort();
      if (!change.isWhole) write(byId('live', HTMLElement), race.outcome.finding);
    }
    showButtons(race, isConnected);
  }

  /** A finish is said aloud, once. @param {LaneHead | undefined} before @param {LaneHead} head */
  function announce(before, head) {
    if (!before || head.isGuest || before.phase === head.phase) return;
    const { name, phase, tookMs, done, failed, error } = head;
    if (phase === 'done') {
      write(
        byId('live', HTMLElement),
        `${name}: finished after ${seconds(tookMs ?? 0)}, ${done} done, ${failed} failed.`,
      );
    }
    if (phase === 'failed') write(byId('live', HTMLElement), `${name}: no measurement, ${error}`);
  }
}
