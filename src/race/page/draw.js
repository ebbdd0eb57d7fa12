// One lane as a picture: its requests as bars, how many of them are in flight, and the heartbeat of its event loop.
// All are drawn anew in every frame. That is a few thousand rectangles, which a canvas draws in a millisecond or two.

/** @import { LaneView } from './lane.js' */
/** @import { AxisWords } from '../protocol.ts' */

/** Heights of the three parts and the air between them, in pixels. */
const BARS = 120;
const FLIGHT = 26;
const HEART = 14;
const AIR = 8;
export const HEIGHT = BARS + AIR + FLIGHT + AIR + HEART;
/** A bar is no higher than this, or three requests would be a wall. */
const MOST_ROW = 12;
/** An event loop that nothing blocks beats this often, in milliseconds. */
const BEAT_MS = 50;
/** A loop that has not turned for so long counts as blocked, in milliseconds. */
export const STILL_MS = 150;
/** Beats closer than this are not told apart. */
const LEAST_BEAT_WIDTH = 3;

/**
 * The colours of the page, which change with its scheme.
 * @typedef {{ ink: string, line: string, paper: string, failed: string, failedPale: string, late: string }} Theme
 */

/** @returns {Theme} */
export function themeOf() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    ink: colour('--ink'),
    line: colour('--line'),
    paper: colour('--paper'),
    failed: colour('--failed'),
    failedPale: colour('--failed-pale'),
    late: colour('--late'),
  };
}

/**
 * @typedef {object} Scene
 * @property {number} atMs the moment that is shown, on the lane's clock; Infinity shows all
 * @property {AxisWords} axis
 * @property {number} mostInFlight the height of the flight strip, shared by all lanes
 * @property {Theme} theme
 */

/** @param {LaneView} lane @param {Scene} scene */
export function drawLane(lane, scene) {
  const { canvas } = lane;
  const width = canvas.clientWidth;
  const density = devicePixelRatio || 1;
  const context = canvas.getContext('2d');
  if (!context || width === 0) return;
  // Setting a size clears the canvas and costs a new buffer, so it is set only when it changes.
  if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(HEIGHT * density)) {
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(HEIGHT * density);
  }
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  const pixelsPerMs = width / scene.axis.lengthMs;
  const atMs = Math.min(scene.atMs, lane.lastMs);
  const brush = { context, width, pixelsPerMs, atMs, scene };
  drawGrid(brush);
  drawBars(lane, brush);
  drawLimit(lane, brush);
  context.translate(0, BARS + AIR);
  drawFlight(lane, brush);
  context.translate(0, FLIGHT + AIR);
  drawHeart(lane, brush);
}

/** @typedef {{ context: CanvasRenderingContext2D, width: number, pixelsPerMs: number, atMs: number, scene: Scene }} Brush */

/** @param {Brush} brush */
function drawGrid({ context, pixelsPerMs, scene }) {
  context.fillStyle = scene.theme.line;
  for (const { atMs } of scene.axis.ticks) context.fillRect(Math.round(atMs * pixelsPerMs), 0, 1, HEIGHT);
}

/** @param {LaneView} lane @param {Brush} brush */
function drawBars(lane, { context, pixelsPerMs, atMs, scene }) {
  const { starts, ends, oks } = lane;
  const rows = Math.max(lane.head.expected ?? 0, starts.length, 1);
  const rowHeight = Math.min(MOST_ROW, BARS / rows);
  // Rows have a gap between them only if they are high enough.
  const height = Math.max(1, rowHeight > 4 ? rowHeight - 2 : rowHeight);
  /** @param {(ended: boolean, isOk: boolean) => boolean} belongs */
  const draw = (belongs) => {
    for (let index = 0; index < starts.length; index++) {
      const startMs = starts[index] ?? 0;
      if (startMs > atMs) continue;
      const endMs = ends[index] ?? Infinity;
      if (!belongs(endMs <= atMs, oks[index] ?? true)) continue;
      const length = (Math.min(endMs, atMs) - startMs) * pixelsPerMs;
      context.fillRect(startMs * pixelsPerMs, index * rowHeight, Math.max(1, length), height);
    }
  };
  context.fillStyle = lane.hue;
  draw((hasEnded, isOk) => hasEnded && isOk);
  context.globalAlpha = 0.45;
  draw((hasEnded) => !hasEnded);
  context.globalAlpha = 1;
  context.fillStyle = hatched(context, scene.theme);
  draw((hasEnded, isOk) => hasEnded && !isOk);
}

/** Made once for each theme: a new pattern in every frame would cost more than all bars. @type {WeakMap<Theme, CanvasPattern>} */
const patterns = new WeakMap();

/** Failures differ by more than their colour. @param {CanvasRenderingContext2D} context @param {Theme} theme */
function hatched(context, theme) {
  const known = patterns.get(theme);
  if (known) return known;
  const { failed, failedPale } = theme;
  const tile = new OffscreenCanvas(4, 4);
  const ink = tile.getContext('2d');
  if (!ink) return failed;
  ink.fillStyle = failedPale;
  ink.fillRect(0, 0, 4, 4);
  ink.fillStyle = failed;
  ink.fillRect(0, 0, 2, 4);
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern) patterns.set(theme, pattern);
  return pattern ?? failed;
}

/** @param {LaneView} lane @param {Brush} brush */
function drawLimit({ head }, { context, pixelsPerMs, scene }) {
  if (head.limitMs === null || head.limitMs === 0) return;
  const x = head.limitMs * pixelsPerMs;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, BARS);
  context.setLineDash([]);
  context.strokeStyle = scene.theme.paper;
  context.lineWidth = 4;
  context.globalAlpha = 0.7;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([4, 3]);
  context.strokeStyle = scene.theme.ink;
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}

/** A step line of the requests in flight. @param {LaneView} lane @param {Brush} brush */
function drawFlight(lane, { context, pixelsPerMs, atMs, scene }) {
  const { starts, endsInOrder } = lane;
  const perRequest = FLIGHT / Math.max(1, scene.mostInFlight);
  context.beginPath();
  context.moveTo(0, FLIGHT);
  let started = 0;
  let ended = 0;
  for (;;) {
    const startMs = starts[started] ?? Infinity;
    const endMs = endsInOrder[ended] ?? Infinity;
    const nextMs = Math.min(startMs, endMs);
    if (nextMs > atMs || nextMs === Infinity) break;
    const x = nextMs * pixelsPerMs;
    context.lineTo(x, FLIGHT - (started - ended) * perRequest);
    // If both are at one moment, the end counts first: a task that follows another does not run beside it.
    if (endMs <= startMs && ended < started) ended++;
    else started++;
    context.lineTo(x, FLIGHT - (started - ended) * perRequest);
  }
  const x = Math.max(0, Math.min(atMs, lane.lastMs)) * pixelsPerMs;
  context.lineTo(x, FLIGHT - (started - ended) * perRequest);
  context.lineTo(x, FLIGHT);
  context.closePath();
  context.globalAlpha = 0.22;
  context.fillStyle = lane.hue;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = lane.hue;
  context.lineWidth = 1.5;
  context.stroke();
}

/** A stroke for each time that the event loop came round, and a red line where it did not. @param {LaneView} lane @param {Brush} brush */
function drawHeart(lane, { context, pixelsPerMs, atMs, scene }) {
  if (lane.head.isGuest) return;
  const endMs = Math.max(0, Math.min(atMs, lane.lastMs));
  context.fillStyle = scene.theme.late;
  context.fillRect(0, HEART - 1, endMs * pixelsPerMs, 1);
  /** The beat before, and where the last stroke is. */
  let lastMs = 0;
  let lastX = -LEAST_BEAT_WIDTH;
  /** @param {number} untilMs */
  const still = (untilMs) => {
    if (untilMs - lastMs < STILL_MS) return;
    context.fillStyle = scene.theme.failed;
    const fromMs = lastMs === 0 ? 0 : lastMs + BEAT_MS;
    context.fillRect(fromMs * pixelsPerMs, HEART - 5, (untilMs - fromMs) * pixelsPerMs, 4);
  };
  for (const beatMs of lane.beats) {
    if (beatMs > endMs) break;
    still(beatMs);
    lastMs = beatMs;
    const x = beatMs * pixelsPerMs;
    if (x - lastX < LEAST_BEAT_WIDTH) continue;
    lastX = x;
    context.fillStyle = lane.hue;
    context.fillRect(x, 0, 1.5, HEART - 1);
  }
  still(endMs);
}
