// The API server in a process of its own, so that its work is not on the client's bill.
import { receiveSettings } from '../child.ts';
import type { Conditions } from './conditions.ts';
import { Counters } from './counters.ts';
import { serve } from './serve.ts';

const conditions = await receiveSettings<Conditions>();
const counters = new Counters();
const { origin } = await serve({ conditions, counters });
process.send!({ origin });
