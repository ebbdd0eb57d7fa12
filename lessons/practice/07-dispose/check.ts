import { quietFor } from '../frame/kitchen.ts';
import { told, watched } from '../frame/outcome.ts';
import { demand } from '../frame/verdict.ts';
import type { Table, withTable as WithTable } from './solution.ts';

/** A table whose work and whose clearing end when the check says so. */
function restaurant() {
  const work = Promise.withResolvers<string>();
  const clearing = Promise.withResolvers<void>();
  const seen = { opened: 0, worked: 0, cleared: 0 };
  const table: Table = {
    clear() {
      seen.cleared++;
      return clearing.promise;
    },
  };
  return {
    seen,
    work,
    clearing,
    open: async () => {
      seen.opened++;
      return table;
    },
    doWork: (at: Table) => {
      demand(at === table, 'The work gets the table that was opened.', 'It got something else.');
      seen.worked++;
      return work.promise;
    },
    quiet: () => quietFor(() => seen.opened + seen.worked + seen.cleared),
  };
}

export default async function check(withTable: typeof WithTable): Promise<void> {
  for (const how of ['well', 'badly'] as const) {
    const here = restaurant();
    const { seen } = here;
    const outcome = watched(() => withTable(here.open, here.doWork));
    await here.quiet();
    demand(seen.opened === 1, 'One table is opened.', `${seen.opened} tables were opened.`);
    demand(seen.worked === 1, 'The work is done once.', `It was done ${seen.worked} times.`);
    demand(
      seen.cleared === 0,
      'The table is cleared after the work.',
      'The table was cleared while the work was going on.',
    );
    demand(outcome.state === 'pending', 'The caller waits for the work.', told(outcome));

    if (how === 'well') here.work.resolve('bill');
    else here.work.reject(new Error('the soup was spilt'));
    await here.quiet();
    const ended = how === 'well' ? 'had ended' : 'had failed';
    demand(
      seen.cleared > 0,
      'The table is cleared, however the work ends.',
      `The table was not cleared after the work ${ended}.`,
    );
    demand(seen.cleared === 1, 'The table is cleared once.', `It was cleared ${seen.cleared} times.`);
    demand(
      outcome.state === 'pending',
      'The caller waits until the table is cleared.',
      `The table was still being cleared. ${told(outcome)}`,
    );
    here.clearing.resolve();
    await here.quiet();
    if (how === 'well') {
      demand(
        outcome.state === 'fulfilled' && outcome.value === 'bill',
        'It fulfils with the result of the work.',
        told(outcome),
      );
    } else {
      const isTheError =
        outcome.state === 'rejected' && (outcome.value as Error).message === 'the soup was spilt';
      demand(isTheError, 'It is rejected with the error of the work.', told(outcome));
    }
  }
}
