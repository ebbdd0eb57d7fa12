// The API server in a process of its own, so that its work is not on the client's bill.
import { subscribe } from 'node:diagnostics_channel';
import { receiveSettings } from '../child.ts';
import { Counters } from './counters.ts';
import { LaneBatches } from './lanes.ts';
import { serve } from './serve.ts';
import type { ApiQuestion, ApiSettings, ApiStats } from './start.ts';

const { conditions, port = 0, tellsLanes } = await receiveSettings<ApiSettings>();
const counters = new Counters();
let sockets = 0;
subscribe('net.server.socket', () => sockets++);
const lanes = tellsLanes
  ? new LaneBatches((batch, sent) => process.send!({ lanes: batch }, sent))
  : undefined;
const server = await serve({ conditions, counters, port, ...(lanes && { watch: lanes.watch }) });
let cpuAtReset = process.cpuUsage();

process.on('message', (question: ApiQuestion) => {
  if (question.ask === 'behave') server.behave(question.conditions);
  if (question.ask !== 'stats') {
    counters.reset();
    cpuAtReset = process.cpuUsage();
  }
  // What has been seen is told before the answer: whoever asks knows all that went before it.
  lanes?.flush();
  const { user, system } = process.cpuUsage(cpuAtReset);
  const stats: ApiStats = { ...counters.read(), sockets, cpuMs: (user + system) / 1000 };
  process.send!(stats);
});
process.send!({ origin: server.origin });
