// Finds out what each peer does by running it. No clock decides anything. A task ends after a number of turns of the event
// loop. A pool counts as hanging if it has not settled and nothing of it has moved for many turns.
import { setImmediate as turn } from 'node:timers/promises';
import type { Findings } from '../findings.ts';
import { peerOf, type Peer, type PeerName, type Run } from './peers.ts';

const TASKS = 20;
const LANES = 3;
/** After so many turns without any movement a pool counts as hanging. */
const QUIET_TURNS = 200;

/** Twenty tasks over three lanes, watched. */
class Scene {
  started = 0;
  ended = 0;
  peak = 0;
  unhandled = 0;
  closed = false;
  readonly abort = new AbortController();
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Ends after some turns, by `outcome`. */
  async task(input: number, outcome: (input: number) => void = () => {}, turns = 2): Promise<number> {
    this.started++;
    this.peak = Math.max(this.peak, this.started - this.ended);
    try {
      for (let left = turns; left > 0; left--) await turn();
      outcome(input);
      return input;
    } finally {
      this.ended++;
    }
  }

  *inputs(): Generator<number, void, undefined> {
    try {
      for (let input = 0; input < TASKS; input++) yield input;
    } finally {
      this.closed = true;
    }
  }

  /** Runs the peer until it settles or hangs, and then until nothing moves any more. */
  async play(task: (input: number) => Promise<number>) {
    const count = () => this.unhandled++;
    process.on('unhandledRejection', count);
    process.on('uncaughtException', count);
    let settled: { how: string; value?: unknown; started: number; running: number } | undefined;
    const settle = (how: string, value?: unknown) => {
      settled ??= { how, value, started: this.started, running: this.started - this.ended };
    };
    try {
      this.#run(this.inputs(), task, { concurrency: LANES, signal: this.abort.signal }).then(
        (value) => settle('resolves', value),
        (error: unknown) => settle('rejects', error),
      );
    } catch (error) {
      settle('throws', error);
    }
    await this.#quiet();
    process.off('unhandledRejection', count);
    process.off('uncaughtException', count);
    return settled ?? { how: 'never settles', started: this.started, running: 0 };
  }

  async #quiet(): Promise<void> {
    /** Turns in a row in which nothing started or ended. */
    let quietTurns = 0;
    let movesBefore = this.started + this.ended;
    while (quietTurns < QUIET_TURNS) {
      await turn();
      const moves = this.started + this.ended;
      quietTurns = moves === movesBefore ? quietTurns + 1 : 0;
      movesBefore = moves;
    }
  }
}

const fail = (input: number) => {
  throw new Error(`order ${input} is burnt`);
};

const QUESTIONS: Readonly<Record<string, (run: Run, peer: Peer) => Promise<string>>> = {
  /** Whether results stand in the order of the inputs when later tasks end first. */
  async order(run) {
    const scene = new Scene(run);
    const { value } = await scene.play(async (input) => scene.task(input, undefined, TASKS - input));
    const inOrder =
      Array.isArray(value) && value.length === TASKS && value.every((id, index) => id === index);
    return inOrder ? 'input' : 'other';
  },
  async peak(run) {
    const scene = new Scene(run);
    await scene.play(async (input) => scene.task(input));
    return String(scene.peak);
  },
  /** Tasks that start after the third has failed; those are at most 17. */
  async afterFailure(run) {
    const scene = new Scene(run);
    let startedBefore = 0;
    const outcome = (input: number) => {
      if (input !== 2) return;
      startedBefore = scene.started;
      fail(input);
    };
    await scene.play(async (input) => scene.task(input, outcome));
    return String(scene.started - startedBefore);
  },
  /** Tasks still running when the caller hears of the failure. */
  async runningAtRejection(run) {
    const scene = new Scene(run);
    const { how, running } = await scene.play(async (input) =>
      input === 0 ? scene.task(input, fail) : scene.task(input, undefined, 10),
    );
    return how === 'rejects' ? String(running) : how;
  },
  /** Tasks that start after the caller's signal has aborted. */
  async afterAbort(run, { takesSignal }) {
    if (!takesSignal) return 'no signal';
    const scene = new Scene(run);
    let startedBefore = 0;
    const outcome = (input: number) => {
      if (input !== 2) return;
      startedBefore = scene.started;
      scene.abort.abort();
    };
    const { how } = await scene.play(async (input) => scene.task(input, outcome));
    const after = scene.started - startedBefore;
    return how === 'rejects' ? String(after) : `${after}, ${how}`;
  },
  /** Whether a generator can clean up after a failure. It can also do so if all of it was drawn. */
  async iterator(run) {
    const scene = new Scene(run);
    await scene.play(async (input) => scene.task(input, input === 2 ? fail : undefined));
    return scene.closed ? 'closed' : 'left open';
  },
  /** A task that is no async function but returns a promise. */
  async plainFunction(run) {
    const scene = new Scene(run);
    const { how } = await scene.play((input) => scene.task(input));
    return how;
  },
  /** A task that throws before it returns a promise. */
  async synchronousThrow(run) {
    const scene = new Scene(run);
    const { how } = await scene.play((input) => {
      if (input === 2) fail(input);
      return scene.task(input);
    });
    return scene.unhandled > 0 ? `${how}, uncaught` : how;
  },
  /** Promises that nobody handles when several tasks fail. By default each ends the process. */
  async unhandled(run) {
    const scene = new Scene(run);
    await scene.play(async (input) => scene.task(input, input < 4 ? fail : undefined));
    return String(scene.unhandled);
  },
};

/** The answers of one peer, by question. */
export async function semantics({ peer }: { readonly peer: PeerName }): Promise<Findings> {
  const run = await peerOf(peer).load();
  const answers: Record<string, string> = {};
  for (const [question, ask] of Object.entries(QUESTIONS)) answers[question] = await ask(run, peerOf(peer));
  return answers;
}
