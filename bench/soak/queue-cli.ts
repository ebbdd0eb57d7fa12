// `npm run soak:queue`. The program is loaded only by a Node that can read it.
import { refuseOldNode } from '../../src/node-version.js';

refuseOldNode();
await import('./queue-program.ts');
