// One of the servers in a process of its own, which says what CPU time it took.
import { receiveSettings } from '../../src/child.ts';
import type { ServerName } from './server-names.ts';
import { SERVERS } from './servers.ts';

const { server } = await receiveSettings<{ server: ServerName }>();
const { origin } = await SERVERS[server]();
let cpuAtReset = process.cpuUsage();

process.on('message', () => {
  const { user, system } = process.cpuUsage(cpuAtReset);
  cpuAtReset = process.cpuUsage();
  process.send!({ cpuMs: (user + system) / 1000 });
});
process.send!({ origin });
