// The thread's side of lesson 13. It gets numbers, or a buffer that it looks into. It is a file of its own, because a thread
// loads all that its file imports, and that would count as its start.
import { priceOf } from '../../src/jobs/price-order.ts';

export type Parcel = {
  readonly ids?: readonly number[];
  readonly rounds?: number;
  readonly data?: ArrayBuffer | SharedArrayBuffer;
};

export default function inThread({ ids = [], rounds = 0, data }: Parcel): number {
  for (const id of ids) priceOf(id, rounds);
  return data ? new Uint8Array(data)[0]! : ids.length;
}
