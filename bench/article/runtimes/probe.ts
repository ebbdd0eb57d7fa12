// Says which runtime this is, and where its program is: what stands on PATH may be a script that starts another program.
import process from 'node:process';
import { answerSettings } from './answer.ts';

export interface Identity {
  /** By the name of each runtime that it claims to be. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly path: string;
}

answerSettings(async (): Promise<Identity> => ({ versions: process.versions, path: process.execPath }));
