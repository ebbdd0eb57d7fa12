// Streams that nobody feeds, and one whose consumer forgot to read.
import { PassThrough, Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { keep, ready } from './gates.mjs';

const empty = () => {
  const stream = new Readable({ read() {} });
  keep(stream);
  return stream;
};

async function forAwait() {
  for await (const chunk of empty()) keep(chunk);
}
async function wholeText() {
  await text(empty());
}
async function piped() {
  await pipeline(empty(), new PassThrough(), new Writable());
}
async function ended() {
  await finished(empty());
}
async function byLine() {
  for await (const line of createInterface({ input: empty() })) keep(line);
}
async function written() {
  const unread = new PassThrough({ highWaterMark: 1 });
  keep(unread);
  if (!unread.write('more than it takes')) await once(unread, 'drain');
}
async function webRead() {
  const reader = new ReadableStream({ start: keep }).getReader();
  await reader.read();
}
async function webForAwait() {
  for await (const chunk of new ReadableStream({ start: keep })) keep(chunk);
}

keep(forAwait(), wholeText(), piped(), ended(), byLine(), written(), webRead(), webForAwait());
ready();

/* shows:
forAwait 16:20
  event 'readable' of Readable
wholeText 19:3
  event 'readable' of Readable
piped 22:3
  the end of a stream (PassThrough, Readable, Writable)
ended 25:3
  the end of a stream (Readable)
byLine 28:20
  event 'line' of a readline interface
written 33:44
  event 'drain' of PassThrough
webRead 37:3
  a chunk of a ReadableStream
webForAwait 40:20
  a chunk of a ReadableStream
*/
