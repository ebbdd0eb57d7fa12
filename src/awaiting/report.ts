// Looks as lines for the terminal, or as one JSON document.
import type { ProcessMemory } from './examine.ts';
import type { KeepPrice, KeptCounts } from './keep.ts';
import { shortUrl, type Price } from './look.ts';
import { treeLines } from './text.ts';
import type { Thread, ThreadLook } from './threads.ts';
import { age, changeLines, oldestMs } from './watch.ts';

/** An awaited call makes a promise of its own, and `await` makes one to hang its handlers on. */
const CALL_PROMISES = 2;

export function lookLines(looks: readonly ThreadLook[]): string[] {
  return looks.flatMap((look, index) => [
    ...(index > 0 ? [''] : []),
    ...(looks.length > 1 ? [threadHeading(look.thread)] : []),
    ...threadLines(look),
  ]);
}

/** What a look shows that the one before did not. */
export function changedLines(
  before: readonly ThreadLook[],
  after: readonly ThreadLook[],
  afterMs: number,
): string[] {
  const gone = before.filter(({ thread }) => !after.some((each) => each.thread.id === thread.id));
  const changed = after.flatMap((look) => {
    const was = before.find(({ thread }) => thread.id === look.thread.id);
    const lines = was ? changesOfThread(was, look) : threadLines(look);
    return lines.length === 0 || after.length === 1 ? lines : [threadHeading(look.thread), ...lines];
  });
  const lines = [...changed, ...gone.map(({ thread }) => `- ${threadHeading(thread)} ended`)];
  const oldest = Math.max(...after.map((look) => ('tree' in look ? oldestMs(look.tree) : 0)));
  const same = `nothing changed; the function seen first was seen for ${age(oldest)}`;
  return [`after ${age(afterMs)}: ${lines.length === 0 ? same : ''}`.trimEnd(), ...lines];
}

function changesOfThread(was: ThreadLook, is: ThreadLook): string[] {
  if ('trouble' in is) return 'trouble' in was && was.trouble === is.trouble ? [] : threadLines(is);
  if ('trouble' in was) return threadLines(is);
  const running = is.running !== undefined && is.running !== was.running ? runningLines(is.running) : [];
  return [...running, ...changeLines(was.tree, is.tree)];
}

function runningLines(running: string | undefined): string[] {
  return running === undefined ? [] : [`DOES NOT ANSWER: it computes, or sleeps, in ${running}`];
}

function threadLines(look: ThreadLook): string[] {
  if ('trouble' in look) return [`not seen: ${look.trouble}`];
  const { running, tree, price, node } = look;
  return [...runningLines(running), ...treeLines(tree, look.kept !== undefined), priceLine(node, price)];
}

export function threadHeading({ id, name, url }: Thread): string {
  return id === 0
    ? '== main thread =='
    : `== worker thread ${[id, name, shortUrl(url)].filter(Boolean).join(' ')} ==`;
}

function priceLine(node: string, price: Price): string {
  const { pauseMs, lookups, lookupMs, leftOut, snapshotBytes, ownPeakBytes } = price;
  const places = `${lookups} ${lookups === 1 ? 'place' : 'places'}`;
  const left = leftOut > 0 ? ` (${leftOut} more were left out: they would take too long)` : '';
  // Often the source tells all places.
  const walked = lookups > 0 ? `, and for ${seconds(lookupMs)} while we looked up ${places}${left}` : '';
  return [
    `price: ${node} stood still for ${seconds(pauseMs)}${walked}`,
    `snapshot ${mib(snapshotBytes)}, our own memory at most ${mib(ownPeakBytes)}`,
  ].join('; ');
}

/** V8 builds a snapshot in the target's own memory. Told only where the target never had so much before. */
export function targetMemoryLines(
  before: ProcessMemory | undefined,
  after: ProcessMemory | undefined,
): string[] {
  if (!before || !after || after.peakBytes <= before.peakBytes) return [];
  return [
    `the memory of the process itself rose from ${mib(before.residentBytes)} to ${mib(after.peakBytes)} during the look`,
  ];
}

/** What --keep has cost the program until now, by what it costs for one promise. */
export function keepLine({ made, pending }: KeptCounts, { withoutUs, withUs, bytes }: KeepPrice): string {
  const cpuMs = (made * Math.max(0, withUs - withoutUs)) / CALL_PROMISES / 1000;
  return [
    `keep: an awaited call takes ${withUs.toFixed(2)} µs of CPU with it and ${withoutUs.toFixed(2)} µs without (measured now)`,
    `${made} promises so far, so about ${seconds(cpuMs)}`,
    `${pending} are pending; to keep them takes ${kib(pending * bytes)}, and the memory of what they hold`,
  ].join('; ');
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
