// The API server in a process of its own, so that its work is not on the client's bill.
import { subscribe } from 'node:diagnostics_channel';
import { receiveSettings } from '../child.ts';
import type { Conditions } from './conditions.ts';
import { Counters } from './counters.ts';
import { serve } from './serve.ts';
import type { ApiQuestion, ApiStats } from './start.ts';

const conditions = await receiveSettings<Conditions>();
const counters = new Counters();
let sockets = 0;
subscribe('net.server.socket', () => sockets++);
const { origin } = await serve({ conditions, counters });
let cpuAtReset = process.cpuUsage();

process.on('message', ({ question }: { question: ApiQuestion }) => {
  if (question === 'reset') {
    counters.reset();
    cpuAtReset = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage(cpuAtReset);
  const stats: ApiStats = { ...counters.read(), sockets, cpuMs: (user + system) / 1000 };
  process.send!(stats);
});
process.send!({ origin });
