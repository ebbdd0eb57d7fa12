import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneEvent } from '../../src/api/lanes.ts';
import { Board, MOST_GUESTS } from '../../src/race/board.ts';
import { MOST_BARS } from '../../src/race/lane.ts';
import type { Change, LaneChange } from '../../src/race/protocol.ts';

const sized = (name: string) => ({ name, about: name, isGuest: false, limitMs: 100, expected: 4 });

/** A board on which `pool` runs since 1000. */
function running() {
  const board = new Board();
  board.begin([sized('pool'), sized('one')], { settings: 'four orders', asked: null });
  board.lane('pool')!.begin(1000);
  return board;
}

const see = (board: Board, ...events: LaneEvent[]) => board.see({ events, lost: 0 });
const starts = (key: number, lane: string, atMs: number): LaneEvent => ({ key, lane, id: key, atMs });
const ends = (key: number, atMs: number, status = 200): LaneEvent => ({ key, atMs, status });
const laneIn = ({ lanes }: Change, name: string): LaneChange => lanes.find(({ head }) => head.name === name)!;

test('counts what is in flight, done and failed, from what the API saw', () => {
  const board = running();
  see(board, starts(1, 'pool', 1010), starts(2, 'pool', 1020), starts(3, 'pool', 1030));
  see(board, ends(1, 1110), ends(2, 1120, 503), ends(3, 1130, 0), starts(4, 'pool', 1140));
  const { head, starts: begun, ends: ended } = laneIn(board.whole(), 'pool');
  const { inFlight, peakInFlight, done, failed } = head;
  assert.deepEqual(
    { inFlight, peakInFlight, done, failed },
    { inFlight: 1, peakInFlight: 3, done: 1, failed: 2 },
  );
  assert.deepEqual(
    begun.map(({ id, atMs }) => [id, atMs]),
    [
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 140],
    ],
  );
  assert.deepEqual(
    ended.map(({ atMs, isOk }) => [atMs, isOk]),
    [
      [110, true],
      [120, false],
      [130, false],
    ],
  );
});

test('what an approach asks while it warms up or after its run is not drawn', () => {
  const board = running();
  see(board, starts(1, 'one', 1010), ends(1, 1020));
  board.lane('pool')!.close();
  see(board, starts(2, 'pool', 1010), ends(2, 1020));
  for (const name of ['one', 'pool']) assert.equal(laneIn(board.whole(), name).starts.length, 0);
});

test('what the API saw last counts although the approach has said that it is done', () => {
  const board = running();
  see(board, starts(1, 'pool', 1010));
  board.lane('pool')!.finish(90);
  see(board, ends(1, 1080), starts(2, 'pool', 1070), ends(2, 1085));
  assert.equal(laneIn(board.whole(), 'pool').head.done, 2);
});

test('a change holds what is new and nothing else, and all changes together are the whole', () => {
  const board = running();
  const first = board.take()!;
  assert.deepEqual([first.isWhole, first.lanes.length], [true, 2]);
  assert.equal(board.take(), undefined);
  see(board, starts(1, 'pool', 1010));
  const second = board.take()!;
  assert.deepEqual(
    second.lanes.map(({ head, isNew, starts }) => [head.name, isNew, starts.length]),
    [['pool', false, 1]],
  );
  see(board, ends(1, 1020));
  const third = board.take()!;
  assert.deepEqual([laneIn(third, 'pool').starts.length, laneIn(third, 'pool').ends.length], [0, 1]);
  const whole = laneIn(board.whole(), 'pool');
  assert.deepEqual(whole.starts, laneIn(second, 'pool').starts);
  assert.deepEqual(whole.ends, laneIn(third, 'pool').ends);
  board.lane('pool')!.begin(5000);
  const fourth = laneIn(board.take()!, 'pool');
  assert.deepEqual([fourth.isNew, fourth.head.done, fourth.starts.length], [true, 0, 0]);
});

test('whoever asks under another name has a lane of that name, before, during and after a race', () => {
  const board = new Board();
  see(board, starts(1, 'curl', 100), ends(1, 150));
  assert.equal(laneIn(board.whole(), 'curl').head.done, 1);
  board.begin([sized('pool')], { settings: '', asked: null });
  see(board, starts(2, 'curl', 300));
  const { head } = laneIn(board.whole(), 'curl');
  assert.deepEqual([head.isGuest, head.inFlight, head.done], [true, 1, 0]);
});

test('a guest that was quiet for a while begins anew, and one that goes on does not', () => {
  const board = new Board();
  see(board, starts(1, 'curl', 100), ends(1, 150), starts(2, 'curl', 900), ends(2, 950));
  assert.equal(laneIn(board.whole(), 'curl').head.done, 2);
  see(board, starts(3, 'curl', 60_000), ends(3, 60_010));
  const lane = laneIn(board.whole(), 'curl');
  assert.deepEqual([lane.head.done, lane.starts[0]!.atMs], [1, 0]);
});

test('guests are bounded in number, and a lane in its bars; all are counted', () => {
  const board = new Board();
  for (let key = 1; key <= 100; key++) see(board, starts(key, `guest-${key}`, 100));
  assert.equal(board.whole().lanes.length, MOST_GUESTS);
  const count = MOST_BARS + 500;
  for (let key = 1; key <= count; key++) {
    see(board, starts(1000 + key, 'guest-1', 200), ends(1000 + key, 210));
  }
  const { head, starts: bars, ends: ended } = laneIn(board.whole(), 'guest-1');
  assert.deepEqual([head.done, bars.length + head.undrawn, ended.length], [count, count + 1, MOST_BARS - 1]);
  assert.equal(bars.length, MOST_BARS);
});

test('the axis holds the ideal times at first, grows with what runs, and fits in the end', () => {
  const board = running();
  const length = () => board.whole().axis!.lengthMs;
  assert.ok(length() >= 100 && length() < 120, String(length()));
  see(board, starts(1, 'pool', 1000), ends(1, 1900));
  board.take();
  assert.ok(length() >= 900, String(length()));
  const grown = length();
  board.lane('pool')!.finish(900);
  board.fitAxis();
  assert.ok(length() >= 900 && length() < grown, String(length()));
  const { ticks, lengthMs } = board.whole().axis!;
  assert.equal(ticks[0]!.label, '0 ms');
  assert.ok(ticks.every(({ atMs }) => atMs <= lengthMs));
});

test('events that were lost are told', () => {
  const board = running();
  board.see({ events: [], lost: 12 });
  assert.match(board.whole().race!.says, /12 events are missing in the picture/);
});
