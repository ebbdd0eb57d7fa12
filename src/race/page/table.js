// The lanes as a table: for those who hear the page, and for those who want the figures.
import { NONE, placeText } from './lane.js';
import { byId, make, seconds, write } from './words.js';

/** @import { LaneView, Counts } from './lane.js' */

const COLUMNS = [
  'lane',
  'state',
  'place',
  'in flight',
  'done',
  'failed',
  'at once',
  'time',
  'speed-up',
  'of ideal',
  'loop late',
  'memory',
];

/** @type {Map<string, HTMLTableRowElement>} */
const rows = new Map();

export function prepareTable() {
  const head = byId('table', HTMLTableElement).tHead?.insertRow();
  for (const column of COLUMNS) {
    const cell = make('th', '', column);
    cell.scope = 'col';
    head?.append(cell);
  }
}

/** @param {readonly LaneView[]} lanes @param {(lane: LaneView) => { atMs: number, counts: Counts }} momentOf */
export function fillTable(lanes, momentOf) {
  const body = byId('table', HTMLTableElement).tBodies[0];
  if (!body) return;
  for (const [name, row] of rows) {
    if (lanes.some(({ head }) => head.name === name)) continue;
    row.remove();
    rows.delete(name);
  }
  for (const [index, lane] of lanes.entries()) {
    const row = rows.get(lane.head.name) ?? newRow(lane.head.name);
    // Appending a row that stands there already would be a change to a screen reader.
    if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null);
    const texts = textsOf(lane, momentOf(lane));
    for (const [column, text] of texts.entries()) {
      const cell = row.cells[column];
      if (cell) write(cell, text);
    }
  }
}

/** @param {string} name */
function newRow(name) {
  const row = make('tr');
  for (const [column] of COLUMNS.entries()) {
    const cell = make(column === 0 ? 'th' : 'td');
    if (column === 0) cell.setAttribute('scope', 'row');
    row.append(cell);
  }
  rows.set(name, row);
  return row;
}

/** @param {LaneView} lane @param {{ atMs: number, counts: Counts }} moment */
function textsOf({ head }, { atMs, counts }) {
  const { measured, place, tookMs } = head;
  const isOver = tookMs === null ? head.phase !== 'runs' : atMs >= tookMs;
  const isMeasured = measured !== null && isOver;
  let time = NONE;
  if (isMeasured) time = measured.time;
  else if (tookMs !== null && isOver) time = seconds(tookMs);
  return [
    head.name,
    head.phase === 'done' && !isOver ? 'runs' : head.phase,
    place === null || !isOver ? NONE : placeText(place),
    String(counts.inFlight),
    isMeasured ? measured.succeeded : String(counts.done),
    isMeasured ? measured.failed : String(counts.failed),
    isMeasured ? measured.peakInFlight : String(head.peakInFlight),
    time,
    isMeasured ? measured.speedup : NONE,
    isMeasured ? measured.ofLimit : NONE,
    isMeasured ? measured.lag : NONE,
    isMeasured ? measured.memory : NONE,
  ];
}
