// A socket whose other end is silent. It shows who that is.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { keep, ready } from './gates.mjs';

const server = createServer(keep).listen(0, '127.0.0.1');
await once(server, 'listening');
const socket = connect(server.address().port, '127.0.0.1');
await once(socket, 'connect');

async function data() {
  await once(socket, 'data');
}
async function forAwait() {
  for await (const chunk of socket) keep(chunk);
}
async function connection() {
  await once(server, 'close');
}

keep(data(), forAwait(), connection());
ready();

/* shows:
data 12:3
  event 'data' of a socket (HOST)
forAwait 15:20
  event 'readable' of a socket (HOST)
connection 18:3
  event 'close' of Server
*/
