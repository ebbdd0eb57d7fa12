// `npm run bench`
import { main } from '../src/command-line.ts';
import { benchProgram } from './command.ts';
import { SUITES } from './suites.ts';

await main((bind) => benchProgram(bind, SUITES));
