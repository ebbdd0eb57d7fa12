// The same task, as workerpool wants it.
import workerpool from 'workerpool';
import price from './price-worker.ts';

workerpool.worker({ price });
