// `npm run bench:awaiting`: what a look costs, for a process with a heap of 10 MiB, or of the sizes that are given. Each
// row is one look by the command itself, and then our parser alone over a snapshot of the same heap.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SnapshotReader } from '../src/awaiting/snapshot.ts';
import type { Look } from '../src/awaiting/look.ts';
import { command, main, numberIn } from '../src/command-line.ts';
import { temporaryFolder } from '../src/files/temporary-folder.ts';
import { print } from '../src/output.ts';

const MIB = 2 ** 20;
const AWAITING = fileURLToPath(new URL('../src/awaiting/cli.ts', import.meta.url));

/** Small objects until the heap is full, and a function that waits. The first line of stdin is where a snapshot goes. */
const TARGET = `
const held = [];
while (process.memoryUsage().heapUsed < Number(process.argv[1]) * ${MIB}) {
  for (let i = 0; i < 2000; i++) held.push({ id: held.length, name: 'order ' + held.length, next: held.at(-1) });
}
async function served() { await new Promise((resolve) => held.push(resolve)); }
held.push(served());
process.stdin.on('end', () => process.exit());
process.stdin.once('data', (file) => {
  require('node:v8').writeHeapSnapshot(String(file).trim(), { exposeInternals: true });
  console.log('written');
});
console.log('waits');`;

async function measure(mib: number, signal: AbortSignal): Promise<string> {
  await using folder = await temporaryFolder();
  const options = ['--max-old-space-size=16000', '-e', TARGET, `${mib}`];
  const target = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'ignore'], signal });
  // Ctrl-C ends it, and is told below.
  target.on('error', () => {});
  const lines = createInterface(target.stdout)[Symbol.asyncIterator]();
  try {
    await lines.next();
    const started = performance.now();
    const look = await lookAt(target.pid!, signal);
    const commandMs = performance.now() - started;
    const file = join(folder.path, 'heap.json');
    target.stdin.write(`${file}\n`);
    await lines.next();
    signal.throwIfAborted();
    const { bytes, ms } = await parse(file);
    const { pauseMs, snapshotBytes, ownPeakBytes } = look.price;
    return [
      `${mib} MiB`,
      `${(commandMs / 1000).toFixed(1)} s`,
      `${(pauseMs / 1000).toFixed(1)} s`,
      `${Math.round(bytes / MIB / (ms / 1000))} MiB/s`,
      `${(ownPeakBytes / snapshotBytes).toFixed(1)} × ${Math.round(snapshotBytes / MIB)} MiB`,
    ].join('\t');
  } finally {
    target.kill('SIGKILL');
  }
}

async function lookAt(pid: number, signal: AbortSignal): Promise<Look> {
  const looking = spawn(process.execPath, [AWAITING, '--json', '--yes', `${pid}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  let json = '';
  looking.stdout.setEncoding('utf8').on('data', (text: string) => (json += text));
  await once(looking, 'close');
  if (looking.exitCode !== 0) throw new Error(`the look failed with exit code ${looking.exitCode}`);
  return (JSON.parse(json) as { readonly looks: readonly [Look] }).looks[0];
}

/** Reading the file does not count: only the parser's own time. */
async function parse(file: string): Promise<{ readonly bytes: number; readonly ms: number }> {
  const reader = new SnapshotReader();
  let ms = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: MIB })) {
    const started = performance.now();
    reader.write(chunk as Uint8Array);
    ms += performance.now() - started;
  }
  const started = performance.now();
  const { size } = reader.end();
  return { bytes: size, ms: ms + performance.now() - started };
}

await main((bind) =>
  command('npm run bench:awaiting --', 'Measure what a look costs: one row for each size of heap.')
    .argument('[MiB...]', 'sizes of the heap, such as 10 200 1024', sizes, [])
    .action(
      bind(async (signal, given: readonly number[]) => {
        print(['heap\tcommand\tpause\tparser\town memory / snapshot']);
        for (const mib of given.length > 0 ? given : [10]) print([await measure(mib, signal)]);
        return 'done';
      }),
    ),
);

function sizes(text: string, before: readonly number[]): readonly number[] {
  return [...before, numberIn({ min: 10, max: 4096 })(text)];
}
