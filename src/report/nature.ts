// What a task spends its time on, in words.
import type { Nature, Probe } from '../measure/nature.ts';
import { count, duration, percent } from './units.ts';

/** A thread that a waiting task holds for more than this part of its time can do nothing else meanwhile. */
const MUCH = 0.5;

/** What the probe saw; and what was asked for instead, if anything. */
export function natureLine(job: string, probe: Probe, measured: Nature, taken: Nature = measured): string {
  const looked = `${count(probe.tasks, 'task')}, one at a time`;
  const words = taken === 'both' ? 'waits and computes' : taken;
  const override = taken === measured ? '' : ` It is taken as one that ${words} (--kind).`;
  return `${job} ${partsOf(probe, measured)} (${looked}).${override}`;
}

function partsOf({ wallMs, heldMs, threadCpuMs, otherCpuMs }: Probe, nature: Nature): string {
  const part = (ms: number) => percent(Math.min(1, Math.max(0, ms) / wallMs));
  const ofIts = `of its ${duration(wallMs)}`;
  if (nature === 'computes') return `computes ${part(threadCpuMs)} ${ofIts}`;
  const waits = `waits ${part(wallMs - threadCpuMs - otherCpuMs)} ${ofIts}`;
  if (nature === 'waits') {
    const isHeld = heldMs - threadCpuMs > MUCH * wallMs;
    return isHeld ? `${waits}, and its thread can do nothing else meanwhile` : waits;
  }
  const others = `${part(otherCpuMs)} in other threads of its process`;
  const computes =
    otherCpuMs > threadCpuMs ? `${others}, and ${part(threadCpuMs)} in its own` : part(threadCpuMs);
  return `waits and computes: its thread is idle for ${part(wallMs - threadCpuMs)} ${ofIts}; computing takes ${computes}`;
}
