// The options of one suite: who may type them, what they add to the settings, and how a run is typed again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addOwnOptions, settingsAsked, typedAgain } from '../../bench/own-options.ts';
import type { Suite } from '../../bench/suite.ts';
import { command } from '../../src/command-line.ts';

const spiced: Pick<Suite, 'options'> = {
  options: [
    {
      flags: '--add-spices <names>',
      description: 'what to add',
      setting: 'spices',
      read: (text) => text.split(','),
    },
    { flags: '--stoves <count>', description: 'how many', setting: 'stoves', read: Number },
  ],
};
const settingsOf = (suite: Pick<Suite, 'options'>, ...typed: string[]) => {
  const one = command('suite', '').option('--quick');
  addOwnOptions(one, suite);
  return settingsAsked(suite, one.parse(typed, { from: 'user' }).opts());
};

test('an option that is typed becomes a setting, and one that is not typed does not', () => {
  assert.deepEqual(settingsOf(spiced), {});
  assert.deepEqual(settingsOf(spiced, '--quick', '--add-spices', 'chilli,cumin'), {
    spices: ['chilli', 'cumin'],
  });
  assert.deepEqual(settingsOf(spiced, '--stoves', '2'), { stoves: 2 });
  assert.deepEqual(settingsOf({}, '--quick'), {});
  assert.throws(() => settingsOf({}, '--stoves', '2'), { code: 'commander.unknownOption' });
});

test('a run is typed again with what its settings have, and with nothing else', () => {
  const settings = { size: 'quick', spices: ['chilli', 'cumin'], stoves: 2 };
  assert.deepEqual(typedAgain(spiced, settings), ['--add-spices chilli,cumin', '--stoves 2']);
  assert.deepEqual(typedAgain(spiced, { size: 'quick' }), []);
  assert.deepEqual(typedAgain({}, settings), []);
});
