// Places as V8 counts them, and the same places in the text of their script.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InspectorError, type Session } from '../../src/awaiting/inspector.ts';
import { Scripts } from '../../src/awaiting/scripts.ts';

interface Told {
  readonly source: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** The scripts of a target that tells one script, with the id 1. `asked` are the ids that it was asked for. */
function scriptsOf({ source, ...start }: Told): { scripts: Scripts; asked: string[] } {
  const asked: string[] = [];
  const session: Session = {
    on: (_, listener) => listener({ scriptId: '1', url: 'file:///a.js', ...start } as never),
    post<Result>(_: string, params?: object) {
      const { scriptId } = params as { scriptId: string };
      asked.push(scriptId);
      if (scriptId !== '1') return Promise.reject(new InspectorError('No script for id'));
      return Promise.resolve({ scriptSource: source } as Result);
    },
  };
  return { scripts: new Scripts(session), asked };
}

/** Where the marked letter stands, by the text, and back again. */
async function roundTrip(told: Told, line: number, column: number): Promise<string | undefined> {
  const { scripts } = scriptsOf(told);
  await scripts.load(['1'], undefined);
  const place = { scriptId: '1', line, column };
  const position = scripts.positionOf(place);
  if (!position) return undefined;
  assert.deepEqual(scripts.placeOf('1', position.at), place);
  return position.source.slice(position.at);
}

test('a place is counted in lines as V8 ends them', async () => {
  assert.equal(await roundTrip({ source: 'abc\ndef\n' }, 1, 3), 'c\ndef\n');
  assert.equal(await roundTrip({ source: 'abc\ndef' }, 2, 1), 'def');
  assert.equal(await roundTrip({ source: 'a\r\nb\rc\u2028d\u2029ef' }, 5, 2), 'f');
});

test('a script may begin further down in its file', async () => {
  const told = { source: 'abc\ndef', startLine: 100, startColumn: 7 };
  assert.equal(await roundTrip(told, 101, 9), 'bc\ndef');
  assert.equal(await roundTrip(told, 102, 2), 'ef');
});

test('a place below the text, or in a script that is gone or was not loaded, has no position', async () => {
  assert.equal(await roundTrip({ source: 'a();' }, 3, 1), undefined);
  const { scripts } = scriptsOf({ source: 'a();' });
  await scripts.load(['2'], undefined);
  assert.equal(scripts.positionOf({ scriptId: '1', line: 1, column: 1 }), undefined);
  assert.equal(scripts.positionOf({ scriptId: '2', line: 1, column: 1 }), undefined);
  assert.equal(scripts.urlOf('1'), 'file:///a.js');
  assert.equal(scripts.urlOf('2'), undefined);
});

test('a text is asked for once, also if it did not come', async () => {
  const { scripts, asked } = scriptsOf({ source: '' });
  await scripts.load(['1', '2', '1'], undefined);
  await scripts.load(['2', '1'], undefined);
  assert.deepEqual(asked, ['1', '2']);
});
