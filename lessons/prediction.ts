// Predict before you run: whoever has guessed first notices more. Each lesson asks one question, for a number, an order or a
// choice. The answer is read from the output of that run. So a lesson that was changed has its own answer.
import { printable } from '../src/printable.ts';

interface Question {
  readonly ask: string;
}

export interface NumberPrediction extends Question {
  readonly kind: 'number';
  /** What stands behind the number, as in "s". */
  readonly unit: string;
  /** The answer in the lesson's output; undefined if it is not there. */
  readonly seen: (output: string) => number | undefined;
}

export interface OrderPrediction extends Question {
  readonly kind: 'order';
  /** In another order than that in which they happen. */
  readonly things: readonly string[];
  /** The things as they happened. */
  readonly seen: (output: string) => readonly string[];
}

export interface ChoicePrediction extends Question {
  readonly kind: 'choice';
  readonly options: readonly string[];
  /** The index of the option that the output shows; undefined, or -1, if it shows none. */
  readonly seen: (output: string) => number | undefined;
}

export type Prediction = NumberPrediction | OrderPrediction | ChoicePrediction;

/** The question, and what can be answered. */
export function questionOf(prediction: Prediction): string[] {
  const { ask, kind } = prediction;
  if (kind === 'number') return [ask, `Type a number (${prediction.unit}).`];
  if (kind === 'choice') return [ask, ...numbered(prediction.options), 'Type the number of one.'];
  return [ask, ...numbered(prediction.things), 'Type their numbers in the order you expect.'];
}

const numbered = (texts: readonly string[]) => texts.map((text, index) => `  ${index + 1}  ${text}`);

/** What a reader guessed, in words. */
export type Guess = number | readonly string[];

/** @throws {Error} one line that says what was expected and what came */
export function parseGuess(prediction: Prediction, line: string): Guess {
  const text = line.trim();
  const got = text === '' ? 'an empty line' : JSON.stringify(printable(text.slice(0, 40)));
  if (prediction.kind === 'number') {
    const [, figure] = /^([+-]?\d+(?:[.,]\d+)?)\s*\p{L}*$/u.exec(text) ?? [];
    if (figure === undefined) throw new Error(`expected a number, got ${got}`);
    return Number(figure.replace(',', '.'));
  }
  if (prediction.kind === 'choice') {
    const chosen = /^\d+$/.test(text) ? Number(text) : 0;
    const { length } = prediction.options;
    if (chosen < 1 || chosen > length) throw new Error(`expected a number from 1 to ${length}, got ${got}`);
    return chosen - 1;
  }
  const { things } = prediction;
  // "3 1 2", "3, 1, 2", "3>1>2" and "312" are all clear enough.
  const places = /^[\d\s,;>-]+$/.test(text) ? (text.match(/\d/g) ?? []).map(Number) : [];
  const isPermutation = places.length === things.length && new Set(places).size === things.length;
  if (!isPermutation || places.some((place) => place < 1 || place > things.length)) {
    const example = things.map((_, index) => index + 1).join(' ');
    throw new Error(`expected each of ${example} once, in the order you expect, got ${got}`);
  }
  return places.map((place) => things[place - 1]!);
}

export interface Difference {
  readonly isRight: boolean;
  readonly lines: readonly string[];
}

/** What was guessed, beside what the output shows. `guess` is undefined where the reader gave none. */
export function differenceOf(prediction: Prediction, guess: Guess | undefined, output: string): Difference {
  const seen = prediction.seen(output);
  const isAnswer = Array.isArray(seen) ? seen.length > 0 : seen !== undefined && seen !== -1;
  if (!isAnswer) return { isRight: false, lines: ['This output does not show the answer.'] };
  const answer = inWords(prediction, seen as Guess);
  if (guess === undefined) return { isRight: false, lines: [`You made no prediction. It was ${answer}.`] };
  const guessed = inWords(prediction, guess);
  if (guessed === answer) return { isRight: true, lines: [`As you predicted: ${answer}.`] };
  const lines = [`You predicted ${guessed}.`, `It was        ${answer}.`];
  return { isRight: false, lines: [...lines, ...whereTheyDiffer(prediction, guess, seen as Guess)] };
}

function inWords(prediction: Prediction, value: Guess): string {
  if (typeof value !== 'number') return value.join(', ');
  if (prediction.kind === 'choice') return `"${prediction.options[value]}"`;
  return `${value} ${(prediction as NumberPrediction).unit}`;
}

/** One sentence on the size or the place of the difference; a wrong choice needs none. */
function whereTheyDiffer(prediction: Prediction, guess: Guess, seen: Guess): string[] {
  if (prediction.kind === 'number') {
    const off = Number(((guess as number) - (seen as number)).toPrecision(12));
    return [`That is ${Math.abs(off)} ${prediction.unit} too ${off > 0 ? 'much' : 'little'}.`];
  }
  if (prediction.kind === 'choice') return [];
  const places = (seen as readonly string[]).flatMap((thing, index) =>
    thing === (guess as readonly string[])[index] ? [] : [index + 1],
  );
  return [`They differ in place ${places.join(', ')}.`];
}
