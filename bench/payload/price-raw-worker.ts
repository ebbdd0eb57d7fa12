// The same task behind a bare message port.
import { parentPort } from 'node:worker_threads';
import price from './price-worker.ts';

const port = parentPort!;
port.on('message', (rounds: number) => port.postMessage(price(rounds)));
