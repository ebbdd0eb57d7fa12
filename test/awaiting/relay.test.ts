// Why a program that we started stops and lets itself be looked at.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { RELAY_FLAGS, relayOver, type WhyStopped } from '../../src/awaiting/relay.ts';

interface Ended {
  /** What it told each time that it stopped. */
  readonly stops: readonly WhyStopped[];
  readonly code: number | null;
}

/** Each time that the program stops, it may go on at once. */
async function runThrough(source: string): Promise<Ended> {
  const child = spawn(process.execPath, [...RELAY_FLAGS, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const stops: WhyStopped[] = [];
  const relay = relayOver(child.stdio[3] as Duplex, (why) => {
    stops.push(why);
    relay.goOn();
  });
  await once(child, 'close');
  return { stops, code: child.exitCode };
}

test('a program that ends with 13 says whether it is out of work, or chose that code itself', async () => {
  for (const [source, why] of [
    ['await new Promise(() => {});', 'out of work'],
    ['process.once("beforeExit", () => setTimeout(() => {})); await new Promise(() => {});', 'out of work'],
    ['setTimeout(() => process.exit(13)); await new Promise(() => {});', 'end'],
    ['process.on("beforeExit", () => process.exit(13)); await new Promise(() => {});', 'end'],
    ['process.exitCode = 13;', 'end'],
    [
      'process.once("beforeExit", () => setTimeout(() => process.exit(13))); await new Promise(() => {});',
      'end',
    ],
  ] as const) {
    assert.deepEqual(await runThrough(source), { stops: [why], code: 13 }, source);
  }
});

test('a program that ends with another code does not stop', async () => {
  assert.deepEqual(await runThrough('process.exitCode = 7;'), { stops: [], code: 7 });
});
