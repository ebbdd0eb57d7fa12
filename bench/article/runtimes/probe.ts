// Tells which runtime this is, and where its program is. The file on PATH may be a script that starts another program.
import process from 'node:process';
import { answerSettings } from './answer.ts';

export interface Identity {
  /** Versions by name, as in `process.versions`. Bun also gives a version of Node. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly path: string;
}

answerSettings(async (): Promise<Identity> => ({ versions: process.versions, path: process.execPath }));
