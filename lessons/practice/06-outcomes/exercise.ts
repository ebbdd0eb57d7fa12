// The inspector tastes every dish. One burnt dish should be noted, and not end the inspection.
//
// What is wanted: `inspect` orders all dishes at once, waits until every one of them is ready or burnt, and
// fulfils with the ids of both kinds, each in the order of `ids`. It never rejects.
import type { Cook } from '../frame/kitchen.ts';

export interface Report {
  readonly served: number[];
  readonly burnt: number[];
}

export async function inspect(ids: readonly number[], cook: Cook): Promise<Report> {
  await Promise.all(ids.map((id) => cook(id)));
  return { served: [...ids], burnt: [] };
}
