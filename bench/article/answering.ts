// In a program that `ask` starts: its settings, its answer, and its end. For Node, and for other runtimes of JavaScript.
import process from 'node:process';
import { createInterface } from 'node:readline';

/** From here on the program ends when its standard input does, however that comes about. */
export function receiveSettings<Settings>(): Promise<Settings> {
  const { promise, resolve } = Promise.withResolvers<Settings>();
  createInterface({ input: process.stdin })
    .once('line', (line) => resolve(JSON.parse(line) as Settings))
    .once('close', () => process.exit());
  return promise;
}

export const answer = (figures: object): void => console.log(JSON.stringify(figures));
