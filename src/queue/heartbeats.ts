// Signs of life. A worker that dies says nothing. So each job has a heartbeat, and the worker that has the job renews it.

/** How often a heartbeat is renewed within its time. */
const RENEWALS = 4;

export interface HeldJob {
  readonly id: string;
  readonly retryCount: number;
  readonly heartbeatSeconds?: number | null;
}

/** Renews the heartbeats of the jobs that a worker has. */
export class Heartbeats implements Disposable {
  readonly #held = new Map<string, HeldJob>();
  readonly #renew: (jobs: HeldJob[]) => Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;
  #shortestMs = Infinity;

  constructor(renew: (jobs: HeldJob[]) => Promise<unknown>) {
    this.#renew = renew;
  }

  add(job: HeldJob): void {
    this.#held.set(job.id, job);
    const everyMs = ((job.heartbeatSeconds ?? Infinity) * 1000) / RENEWALS;
    if (everyMs >= this.#shortestMs) return;
    this.#shortestMs = everyMs;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      // If this fails, the calls that ask the same database fail too, and say so.
      if (this.#held.size > 0) this.#renew([...this.#held.values()]).catch(() => {});
    }, everyMs).unref();
  }

  remove(jobs: ReadonlyArray<{ readonly id: string }>): void {
    for (const { id } of jobs) this.#held.delete(id);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
