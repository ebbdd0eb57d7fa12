// The API in a process of its own, watched: what it cost, and how many sockets its clients opened.
import { subscribe } from 'node:diagnostics_channel';
import { Counters } from '../src/api/counters.ts';
import type { Conditions } from '../src/api/conditions.ts';
import { serve } from '../src/api/serve.ts';
import { receiveSettings } from '../src/child.ts';
import type { ApiLoad } from './api.ts';

const conditions = await receiveSettings<Conditions>();
const counters = new Counters();
let sockets = 0;
subscribe('net.server.socket', () => sockets++);
const { origin } = await serve({ conditions, counters });
let cpu = process.cpuUsage();

process.on('message', ({ ask }: { ask: 'read' | 'reset' }) => {
  if (ask === 'reset') {
    counters.reset();
    cpu = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage(cpu);
  const load: ApiLoad = { ...counters.read(), sockets, cpuMs: (user + system) / 1000 };
  process.send!(load);
});
process.send!({ origin });
