// A suite's report for the tests: a note, a minor figure, words, a row with a gap, a failure, and something to escape.
import { spreadOf } from '../../src/measure/statistics.ts';
import type { SuiteReport } from '../../bench/suite-page.ts';

const show = ({ median }: { median: number }) => `${median} ns`;
export const SUITE: SuiteReport = {
  findings: ['pools: <ours> is fastest.'],
  sections: [
    {
      title: 'no-op tasks',
      note: 'at 10 & more',
      columns: [{ title: 'time a task', show }, { title: 'p90', show, minor: true }, { title: 'order' }],
      rows: [
        { name: 'ours', figures: [spreadOf([100, 110, 90]), spreadOf([7]), 'kept'] },
        { name: 'theirs', figures: [spreadOf([400])] },
        { name: 'broken', error: '<b>threw</b>' },
      ],
    },
  ],
  facts: [['Node', '26.10.0']],
  method: ['every <turn> is a process'],
  command: 'npm run bench -- pools',
};
