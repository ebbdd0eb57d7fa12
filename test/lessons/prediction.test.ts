import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  differenceOf,
  parseGuess,
  questionOf,
  type ChoicePrediction,
  type NumberPrediction,
  type OrderPrediction,
} from '../../lessons/prediction.ts';

const number: NumberPrediction = {
  kind: 'number',
  ask: 'How long is dinner?',
  unit: 'seconds',
  seen: (output) => (output ? Number(output) : undefined),
};
const order: OrderPrediction = {
  kind: 'order',
  ask: 'Which comes first?',
  things: ['tea', 'soup', 'roast'],
  seen: (output) => output.split(' ').filter(Boolean),
};
const choice: ChoicePrediction = {
  kind: 'choice',
  ask: 'Which is slower?',
  options: ['the waiter', 'the kitchen'],
  seen: (output) => ['waiter', 'kitchen'].indexOf(output),
};

test('a question shows what can be answered', () => {
  assert.deepEqual(questionOf(number), ['How long is dinner?', 'Type a number (seconds).']);
  assert.deepEqual(questionOf(order).slice(1, 4), ['  1  tea', '  2  soup', '  3  roast']);
  assert.deepEqual(questionOf(choice).slice(1, 3), ['  1  the waiter', '  2  the kitchen']);
});

test('a number may have a unit, a decimal comma, a sign and blanks around it', () => {
  for (const [line, guess] of [
    ['3', 3],
    [' 3 s ', 3],
    ['3seconds', 3],
    ['2,5', 2.5],
    ['2.5 s', 2.5],
    ['-1', -1],
    ['0', 0],
  ] as const) {
    assert.equal(parseGuess(number, line), guess, line);
  }
});

test('an order may be written in any way that is clear', () => {
  for (const line of ['2 3 1', '231', '2, 3, 1', '2>3>1', ' 2;3;1 ', '2-3-1']) {
    assert.deepEqual(parseGuess(order, line), ['soup', 'roast', 'tea'], line);
  }
});

test('what cannot be read is refused with what was expected and what came', () => {
  for (const [prediction, lines, expected] of [
    [
      number,
      ['', '  ', 'abc', '1 2', '1e3', '0x10', 'NaN', '--1'],
      /^expected a number, got (an empty line|")/,
    ],
    [
      order,
      ['', '1', '1 2', '1 2 2', '1 2 3 3', '0 1 2', '2 3 4', 'tea soup roast'],
      /^expected each of 1 2 3 once/,
    ],
    [choice, ['', '0', '3', '-1', '1.5', 'the waiter', '1 2', '01x'], /^expected a number from 1 to 2, got /],
  ] as const) {
    for (const line of lines) assert.throws(() => parseGuess(prediction, line), { message: expected }, line);
  }
});

test('a long answer is cut in the message, and nothing in it moves the terminal', () => {
  assert.throws(
    () => parseGuess(number, `\u001b[31m\u009b1m\u202e${'x'.repeat(1000)}`),
    ({ message }: Error) =>
      message.length < 120 && ['\u001b', '\u009b', '\u202e'].every((sign) => !message.includes(sign)),
  );
});

test('a right prediction says so, for each kind', () => {
  assert.deepEqual(differenceOf(number, 3, '3'), { isRight: true, lines: ['As you predicted: 3 seconds.'] });
  const inOrder = differenceOf(order, ['soup', 'roast', 'tea'], 'soup roast tea');
  assert.deepEqual(inOrder, { isRight: true, lines: ['As you predicted: soup, roast, tea.'] });
  const chosen = differenceOf(choice, 1, 'kitchen');
  assert.deepEqual(chosen, { isRight: true, lines: ['As you predicted: "the kitchen".'] });
});

test('a wrong prediction stands beside what happened, with the size or the place of the difference', () => {
  assert.deepEqual(differenceOf(number, 6, '3').lines.at(-1), 'That is 3 seconds too much.');
  assert.deepEqual(differenceOf(number, 0.1, '0.3').lines.at(-1), 'That is 0.2 seconds too little.');
  assert.deepEqual(differenceOf(order, ['soup', 'tea', 'roast'], 'soup roast tea').lines, [
    'You predicted soup, tea, roast.',
    'It was        soup, roast, tea.',
    'They differ in place 2, 3.',
  ]);
  assert.deepEqual(differenceOf(choice, 0, 'kitchen'), {
    isRight: false,
    lines: ['You predicted "the waiter".', 'It was        "the kitchen".'],
  });
});

test('without a prediction it says what happened', () => {
  const { isRight, lines } = differenceOf(choice, undefined, 'kitchen');
  assert.deepEqual(
    { isRight, lines },
    { isRight: false, lines: ['You made no prediction. It was "the kitchen".'] },
  );
});

test('an output that does not show the answer counts as having none', () => {
  for (const prediction of [number, order, choice]) {
    for (const guess of [undefined, prediction === order ? ['tea'] : 0]) {
      const { isRight, lines } = differenceOf(prediction, guess, '');
      assert.deepEqual(
        { isRight, lines },
        { isRight: false, lines: ['This output does not show the answer.'] },
      );
    }
  }
});
