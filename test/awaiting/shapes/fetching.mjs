// HTTP: an answer that does not come, a body that does not end, and a server that waits for the body of a request.
import { createServer, get, request } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { keep, ready } from './gates.mjs';

// Five things must have happened before all of them wait: three requests to a silent server, one body, one upload.
let missing = 5;
function arrived() {
  missing--;
  if (missing === 0) ready();
}

const silent = createServer(arrived).listen(0, '127.0.0.1');
const endless = createServer((_, response) => response.write('{')).listen(0, '127.0.0.1');
const reading = createServer(handle).listen(0, '127.0.0.1');
await Promise.all([once(silent, 'listening'), once(endless, 'listening'), once(reading, 'listening')]);
const url = (server, path) => `http://127.0.0.1:${server.address().port}${path}`;

async function handle(incoming) {
  arrived();
  await json(incoming);
}
async function fetchOrder() {
  const response = await fetch(url(silent, '/orders/1'));
  return await response.json();
}
async function fetchBody() {
  const response = await fetch(url(endless, '/orders/2'));
  arrived();
  return await response.json();
}
async function getOrder() {
  await new Promise((resolve, reject) => {
    get(url(silent, '/orders/3'), resolve).on('error', reject);
  });
}
async function headersLate() {
  await Promise.race([fetch(url(silent, '/orders/5')).then((response) => response.text())]);
}
async function upload() {
  const sent = request(url(reading, '/orders/4'), { method: 'POST' });
  sent.write('{');
  await once(sent, 'response');
}

keep(fetchOrder(), fetchBody(), getOrder(), headersLate(), upload());

/* shows:
never awaited handle 1 20:22
handle 22:3
  event 'readable' of an HTTP message
fetchOrder 25:20
  an HTTP response: GET http://HOST/orders/1
fetchBody 31:10
  a chunk of a ReadableStream
getOrder 34:3
  event 'response' of an HTTP request (GET HOST/orders/3)
headersLate 39:3
  then (anonymous) 39:60
    an HTTP response: GET http://HOST/orders/5
upload 44:3
  event 'response' of an HTTP request (POST HOST/orders/4)
*/
