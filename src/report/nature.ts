// What a task spends its time on, in words.
import type { Nature, Probe } from '../measure/nature.ts';
import { count, duration, percent } from './units.ts';

const WORDS: Readonly<Record<Nature, string>> = {
  waits: 'it waits',
  computes: 'it computes',
  both: 'it waits and computes',
};

/** A thread that a waiting task holds for more than this part of its time can do nothing else meanwhile. */
const MUCH = 0.5;

/** What the probe saw; and what was asked for instead, if anything. */
export function natureLine(job: string, probe: Probe, measured: Nature, taken: Nature = measured): string {
  const { tasks, wallMs } = probe;
  const of = `of its ${duration(wallMs)}`;
  const looked = `${count(tasks, 'task')}, one at a time`;
  const override =
    taken === measured ? '' : ` It is taken as one that ${taken === 'both' ? 'does both' : taken} (--kind).`;
  return `${job} ${partsOf(probe, measured, of)}: ${WORDS[measured]} (${looked}).${override}`;
}

function partsOf(probe: Probe, nature: Nature, of: string): string {
  const { wallMs, heldMs, threadCpuMs, otherCpuMs } = probe;
  const part = (ms: number) => percent(Math.min(1, ms / wallMs));
  const restMs = Math.max(0, wallMs - threadCpuMs - otherCpuMs);
  if (nature === 'computes') return `computes ${part(threadCpuMs)} ${of}`;
  if (nature === 'waits') {
    const isHeld = heldMs - threadCpuMs > MUCH * wallMs;
    const held = isHeld ? ', and its thread can do nothing else meanwhile' : '';
    return `waits ${part(restMs)} ${of}${held}`;
  }
  const elsewhere = otherCpuMs > threadCpuMs ? `${part(otherCpuMs)} in other threads of the process` : '';
  const here = `${part(threadCpuMs)} in its own thread`;
  const computes = elsewhere === '' ? here : `${elsewhere}, ${here}`;
  return `waits ${part(restMs)} ${of}, computes ${computes}`;
}
