/** What `--save` keeps, for tests that need a run and not what was measured. */
export const SAVED = {
  suite: 'well',
  environment: {
    node: '26.0.0',
    platform: 'linux x64',
    cpu: 'a stove',
    cores: 2,
    packages: { msw: '3' },
    takenByOthers: 0,
  },
  settings: { dishes: 2 },
  rows: [
    {
      section: 'Dishes',
      name: 'soup',
      timeMs: { median: 10, mad: 1, samples: [9, 10, 11], trials: [9, 10, 11] },
    },
  ],
};
