import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frontier } from '../../../lessons/crawler/frontier.ts';

const visit = (path: string) => ({ url: new URL(path, 'http://orders.test'), depth: 0 });
const turn = () => new Promise(setImmediate);

test('it gives each URL once, in order, and does not tell fragments apart', async () => {
  const frontier = new Frontier(10);
  assert.deepEqual(
    ['/a', '/b', '/a', '/a#top'].map((path) => frontier.add(visit(path))),
    ['added', 'added', 'known', 'known'],
  );
  const drawn: string[] = [];
  for await (const { url } of frontier) {
    drawn.push(url.pathname);
    frontier.done();
  }
  assert.deepEqual(drawn, ['/a', '/b']);
});

test('a lane that finds nothing waits as long as another one may add something', async () => {
  const frontier = new Frontier(10);
  frontier.add(visit('/a'));
  const draws = frontier[Symbol.asyncIterator]();
  await draws.next();
  const log: string[] = [];
  const second = draws.next().then(({ value }) => log.push((value as { url: URL }).url.pathname));
  await turn();
  assert.deepEqual(log, []);
  frontier.add(visit('/b'));
  await second;
  assert.deepEqual(log, ['/b']);
  const third = draws.next();
  frontier.done();
  frontier.done();
  assert.deepEqual(await third, { done: true, value: undefined });
});

test('it accepts so many URLs in all, also when some have been visited', async () => {
  const frontier = new Frontier(2);
  assert.deepEqual(
    ['/a', '/b', '/c', '/a'].map((path) => frontier.add(visit(path))),
    ['added', 'added', 'full', 'known'],
  );
  await frontier[Symbol.asyncIterator]().next();
  frontier.done();
  assert.equal(frontier.add(visit('/d')), 'full');
});
