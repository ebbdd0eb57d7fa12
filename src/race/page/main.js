// The page of a race. Its modules are files as they are: nothing is built.
import { live } from './live.js';
import { replay } from './replay.js';

if (document.body.dataset['mode'] === 'replay') await replay();
else live();
