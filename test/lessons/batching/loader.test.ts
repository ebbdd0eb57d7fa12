import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loader } from '../../../lessons/batching/loader.ts';
import { manyTurns } from '../../turns.ts';

/** A loader whose requests a test answers one by one. */
function kitchen(mostKeys = 10) {
  const requests: Array<
    PromiseWithResolvers<ReadonlyMap<string, number>> & {
      readonly keys: readonly string[];
      readonly signal: AbortSignal;
    }
  > = [];
  const loader = new Loader<string, number>((keys, signal) => {
    const answer = Promise.withResolvers<ReadonlyMap<string, number>>();
    requests.push({ ...answer, keys, signal });
    return answer.promise;
  }, mostKeys);
  return { loader, requests, keys: () => requests.map(({ keys }) => keys.join()) };
}

test('what is asked for in one turn goes into one request, also from a promise that goes on in it', async () => {
  const { loader, keys } = kitchen();
  void loader.load('soup');
  void Promise.resolve().then(() => loader.load('trout'));
  process.nextTick(() => void loader.load('roast'));
  await manyTurns();
  assert.equal(keys().length, 1);
  assert.deepEqual(keys()[0]!.split(',').sort(), ['roast', 'soup', 'trout']);
});

test('a full batch leaves no place, and the next key opens another one', async () => {
  const { loader, keys } = kitchen(2);
  for (const key of ['a', 'b', 'a', 'c', 'd', 'e', 'b']) void loader.load(key);
  await manyTurns();
  assert.deepEqual(keys(), ['a,b', 'c,d', 'e']);
});

test('who asks while the request is on its way shares its answer; who asks later asks anew', async () => {
  const { loader, requests, keys } = kitchen();
  const first = loader.load('soup');
  await manyTurns();
  const second = loader.load('soup');
  await manyTurns();
  requests[0]!.resolve(new Map([['soup', 1]]));
  assert.deepEqual(await Promise.all([first, second]), [1, 1]);
  const third = loader.load('soup');
  await manyTurns();
  requests[1]!.resolve(new Map([['soup', 2]]));
  assert.equal(await third, 2);
  assert.deepEqual(keys(), ['soup', 'soup']);
});

test('a value that is undefined is an answer, and a key that is missing is an error of its own', async () => {
  const loader = new Loader<string, undefined>(async () => new Map([['soup', undefined]]), 10);
  const [soup, trout] = await Promise.allSettled([loader.load('soup'), loader.load('trout')]);
  assert.equal(soup.status, 'fulfilled');
  assert.ok(trout.status === 'rejected' && trout.reason instanceof RangeError);
  assert.match(String(trout.reason), /trout/);
});

test('a request that fails, or throws at once, fails all who wait for it, and whoever hears of it may ask again', async () => {
  const failure = new Error('the kitchen is down');
  for (const fails of [() => Promise.reject(failure), () => assert.fail(failure)]) {
    let tries = 0;
    const loader = new Loader<string, number>((keys) => {
      tries++;
      return tries === 1 ? fails() : Promise.resolve(new Map(keys.map((key) => [key, tries])));
    }, 10);
    const again = (key: string) => loader.load(key).catch(() => loader.load(key));
    assert.deepEqual(await Promise.all([again('soup'), again('trout')]), [2, 2]);
  }
});

test('one caller leaves: with their own reason at once, and the others get their answer', async () => {
  const { loader, requests } = kitchen();
  const leaving = new AbortController();
  const left = loader.load('soup', leaving.signal);
  const stays = loader.load('soup');
  await manyTurns();
  const reason = new Error('the last bus goes');
  leaving.abort(reason);
  await assert.rejects(left, (error) => error === reason);
  assert.equal(requests[0]!.signal.aborted, false);
  requests[0]!.resolve(new Map([['soup', 1]]));
  assert.equal(await stays, 1);
});

test('the last caller of a batch leaves: the request ends, and the same key is asked for anew', async () => {
  const { loader, requests, keys } = kitchen();
  const leaving = new AbortController();
  const left = [loader.load('soup', leaving.signal), loader.load('trout', leaving.signal)];
  await manyTurns();
  leaving.abort();
  await Promise.allSettled(left);
  assert.equal(requests[0]!.signal.aborted, true);
  const later = loader.load('soup');
  await manyTurns();
  assert.deepEqual(keys(), ['soup,trout', 'soup']);
  // The request that was ended fails only now. It must not touch the flight that has its key.
  requests[0]!.reject(new Error('aborted'));
  await manyTurns();
  const beside = loader.load('soup');
  await manyTurns();
  requests[1]!.resolve(new Map([['soup', 2]]));
  assert.deepEqual(await Promise.all([later, beside]), [2, 2]);
  assert.equal(requests.length, 2);
});

test('all leave before the batch is sent: nothing is sent, and the next key does not join what was ended', async () => {
  const { loader, requests, keys } = kitchen();
  const leaving = new AbortController();
  const left = loader.load('soup', leaving.signal);
  leaving.abort();
  await assert.rejects(left, { name: 'AbortError' });
  const next = loader.load('trout');
  await manyTurns();
  assert.deepEqual(keys(), ['trout']);
  requests[0]!.resolve(new Map([['trout', 3]]));
  assert.equal(await next, 3);
  await assert.rejects(loader.load('roast', leaving.signal), { name: 'AbortError' });
  await manyTurns();
  assert.equal(requests.length, 1);
});
