// The scripts of the target: where each comes from, and its text. A text is asked for once, however often we look.
import { InspectorError, type Session } from './inspector.ts';
import type { Place } from './snapshot.ts';

interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  /** Counted from 0. A program may say that a script begins further down in its file. V8 counts its places from there. */
  readonly startLine?: number;
  readonly startColumn?: number;
}

interface Text {
  readonly source: string;
  readonly lineStarts: readonly number[];
}

/** A place in a text, as an index. */
export interface Position {
  readonly source: string;
  readonly at: number;
}

/** What V8 takes for the end of a line. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

export class Scripts {
  readonly #session: Session;
  readonly #parsed = new Map<string, ParsedScript>();
  readonly #texts = new Map<string, Text | undefined>();

  constructor(session: Session) {
    this.#session = session;
    session.on('Debugger.scriptParsed', (script: ParsedScript) => this.#parsed.set(script.scriptId, script));
  }

  urlOf(scriptId: string): string | undefined {
    return this.#parsed.get(scriptId)?.url;
  }

  /** Asks for the texts that we do not have. */
  async load(scriptIds: Iterable<string>, signal: AbortSignal | undefined): Promise<void> {
    for (const scriptId of scriptIds) {
      signal?.throwIfAborted();
      if (!this.#texts.has(scriptId)) this.#texts.set(scriptId, await this.#askFor(scriptId));
    }
  }

  /** Undefined where the text was not loaded, or is too short. */
  positionOf({ scriptId, line, column }: Place): Position | undefined {
    const text = this.#texts.get(scriptId);
    const { startLine, startColumn } = this.#startOf(scriptId);
    const row = line - 1 - startLine;
    const lineStart = text?.lineStarts[row];
    if (!text || lineStart === undefined) return undefined;
    return { source: text.source, at: lineStart + column - 1 - (row === 0 ? startColumn : 0) };
  }

  /** The place of an index in a text that was loaded. */
  placeOf(scriptId: string, at: number): Place {
    const { lineStarts } = this.#texts.get(scriptId)!;
    const { startLine, startColumn } = this.#startOf(scriptId);
    const row = lineStarts.findLastIndex((start) => start <= at);
    const column = at - lineStarts[row]! + (row === 0 ? startColumn : 0);
    return { scriptId, line: row + startLine + 1, column: column + 1 };
  }

  #startOf(scriptId: string): { startLine: number; startColumn: number } {
    const { startLine = 0, startColumn = 0 } = this.#parsed.get(scriptId) ?? {};
    return { startLine, startColumn };
  }

  async #askFor(scriptId: string): Promise<Text | undefined> {
    try {
      const { scriptSource: source } = await this.#session.post<{ scriptSource: string }>(
        'Debugger.getScriptSource',
        { scriptId },
      );
      const lineStarts = [0];
      for (const { 0: end, index } of source.matchAll(LINE_END)) lineStarts.push(index + end.length);
      return { source, lineStarts };
    } catch (error) {
      // A script may be gone since the snapshot.
      if (!(error instanceof InspectorError) || error.isEnd) throw error;
      return undefined;
    }
  }
}
