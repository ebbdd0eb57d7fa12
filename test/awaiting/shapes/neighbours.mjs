// Functions that share a scope with a resolver and never call it. The heap shows them all alike; the source does not.
import { EventEmitter } from 'node:events';
import { gate, keep, ready } from './gates.mjs';

const bell = new EventEmitter();
const jobs = [];

// The timer and the listener use the scope of the resolver, and something else of it.
function resolvable(label) {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  const log = [label];
  setTimeout(() => log.push('late'), 1e8);
  bell.on('ring', () => log.push('resolve', `resolve ${label}`, /resolve/));
  void gate().then(() => log.push(label.resolve));
  jobs.push(() => resolve());
  return promise;
}
async function served() {
  await resolvable('table 1');
}

// One variable of the module, and two functions that use it: one waits, and one lies in an array.
let shut;
async function guest() {
  await new Promise((resolve) => {
    shut = resolve;
  });
}
jobs.push(function close() {
  shut();
});

// A pool keeps its waiters in a field. Its timer is for something else.
class Pool {
  idle = [];
  waiters = [];
  constructor() {
    this.timer = setInterval(() => this.idle.pop(), 1e8);
    bell.on('closed', () => this.end());
  }
  end() {
    this.idle.length = 0;
  }
  take() {
    return new Promise((resolve) => {
      this.waiters.push(resolve);
    });
  }
}
const pool = new Pool();
async function query() {
  await pool.take();
}

// The resolver is put in store, and a timer could reject too: both are said.
const pending = new Map();
async function call(id) {
  await new Promise((resolve, reject) => {
    pending.set(id, resolve);
    setTimeout(() => reject(new Error('late')), 36e6);
  });
}

keep(bell, served(), guest(), query(), query(), call(1), call(2));
ready();

/* shows:
served 22:3
  ? (its resolver is in jobs[])
guest 28:3
  ? (its resolver is in jobs[])
query 55:3 × 2
  ? (its resolver is in Pool.waiters[])
call 61:3 × 2
  settled by
    a timer, hours left 9 to 9
    ? (its resolver is in pending[])
*/
