// A queue in memory, with the methods of src/approaches/job-queue.ts. It does what a database does, and notes all calls.
import type { Ending, QueuedJob, Submitting, TakenJob, Working } from '../../src/approaches/job-queue.ts';

interface Row<Input, Output> {
  readonly job: QueuedJob<Input>;
  state: 'waits' | 'taken' | 'ended';
  attempts: number;
  ending?: Ending<Output>;
}

export class MemoryQueue<Input, Output> implements Submitting<Input, Output>, Working<Input, Output> {
  readonly rows = new Map<string, Row<Input, Output>>();
  /** Every call in its order: `put 3`, `take 2 of 5`, `complete 2`. */
  readonly calls: string[] = [];
  readonly #attempts: number;
  /** Called before each method does anything. It may throw, or wait. */
  before: (verb: string) => unknown = () => {};

  constructor({ attempts = 1 } = {}) {
    this.#attempts = attempts;
  }

  /** How many jobs are in a state. */
  count(state: Row<Input, Output>['state']): number {
    return [...this.rows.values()].filter((row) => row.state === state).length;
  }

  async put(jobs: ReadonlyArray<QueuedJob<Input>>): Promise<void> {
    await this.before('put');
    this.calls.push(`put ${jobs.length}`);
    for (const job of jobs) {
      if (!this.rows.has(job.id)) this.rows.set(job.id, { job, state: 'waits', attempts: 0 });
    }
  }

  async endings(ids: readonly string[]): Promise<Array<Ending<Output>>> {
    await this.before('endings');
    return ids.flatMap((id) => this.rows.get(id)?.ending ?? []);
  }

  async withdraw(ids: readonly string[]): Promise<void> {
    await this.before('withdraw');
    this.calls.push(`withdraw ${ids.length}`);
    for (const id of ids) if (this.rows.get(id)?.state === 'waits') this.rows.delete(id);
  }

  async take(most: number): Promise<Array<TakenJob<Input>>> {
    await this.before('take');
    const rows = [...this.rows.values()].filter(({ state }) => state === 'waits').slice(0, most);
    if (rows.length > 0) this.calls.push(`take ${rows.length} of ${most}`);
    return rows.map((row) => {
      row.state = 'taken';
      row.attempts++;
      return { ...row.job, attempt: row.attempts };
    });
  }

  async complete(
    done: ReadonlyArray<{ readonly job: TakenJob<Input>; readonly output: Output }>,
  ): Promise<void> {
    await this.before('complete');
    this.calls.push(`complete ${done.length}`);
    for (const { job, output } of done) this.#end(job, { output });
  }

  async fail(job: TakenJob<Input>, reason: unknown): Promise<void> {
    await this.before('fail');
    this.calls.push('fail');
    if (job.attempt < this.#attempts) this.rows.get(job.id)!.state = 'waits';
    else this.#end(job, { reason });
  }

  async giveBack(jobs: ReadonlyArray<TakenJob<Input>>): Promise<void> {
    await this.before('giveBack');
    this.calls.push(`give back ${jobs.length}`);
    for (const { id } of jobs) {
      const row = this.rows.get(id)!;
      row.state = 'waits';
      row.attempts--;
    }
  }

  #end(
    { id, attempt }: TakenJob<Input>,
    how: { readonly output: Output } | { readonly reason: unknown },
  ): void {
    const row = this.rows.get(id)!;
    row.state = 'ended';
    row.ending = { id, attempts: attempt, ...how };
  }
}
