// `npm run race`. The program is loaded only by a Node that can read it.
import { refuseOldNode } from '../node-version.js';

refuseOldNode();
await import('./program.ts');
