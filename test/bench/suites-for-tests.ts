// A bench command line with suites made for the tests: one that is well, one with a case that throws and a case
// whose process dies, one that never ends by itself.
import { main } from '../../src/command-line.ts';
import { benchProgram } from '../../bench/command.ts';
import { inOwnProcess } from '../../bench/own-process.ts';
import type { Suite } from '../../bench/suite.ts';

const plan = (cases: ReturnType<Suite['plan']>['sections'][number]['cases']) => ({
  settings: { dishes: 2 },
  repeats: 3,
  sections: [{ title: 'Dishes', columns: { timeMs: { title: 'time', show: String } }, cases }],
  closing: () => ['Soup is served.'],
});
const soup = { name: 'soup', estimateMs: 1, run: async () => ({ timeMs: 4 }) };

const well: Suite = { name: 'well', summary: 'nothing fails', plan: () => plan([soup]) };
const burnt: Suite = {
  name: 'burnt',
  summary: 'two cases fail',
  plan: () =>
    plan([
      {
        name: 'roast',
        estimateMs: 1,
        run: () => Promise.reject(new Error('the roast is burnt')),
      },
      soup,
      {
        name: 'oven',
        estimateMs: 1,
        run: ({ signal }) => inOwnProcess(import.meta.resolve('./dying-case.ts'), 'die', 7, signal),
      },
    ]),
};

const endless: Suite = {
  name: 'endless',
  summary: 'a process that says its id and waits',
  plan: () =>
    plan([
      {
        name: 'stew',
        estimateMs: 1,
        run: ({ signal }) => inOwnProcess(import.meta.resolve('./endless-case.ts'), 'stew', 0, signal),
      },
    ]),
};

const spiced: Suite = {
  name: 'spiced',
  summary: 'a suite with an option of its own',
  options: [
    {
      flags: '--spices <names>',
      description: 'what to add',
      setting: 'spices',
      read: (text) => text.split(','),
    },
  ],
  plan: (_size, { spices } = {}) => ({
    ...plan([soup]),
    settings: { dishes: 2, ...(spices !== undefined && { spices }) },
  }),
  async planHere(size, settings) {
    const planned = this.plan(size, settings);
    return { ...planned, settings: { ...planned.settings, kitchen: 'here' } };
  },
};

await main((bind) => benchProgram(bind, [well, burnt, endless, spiced]));
