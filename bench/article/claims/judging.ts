// What all verdicts share: their shape, and the words for a run that has no figures, or too few.
import { LEAST_TRIALS } from '../../../src/measure/statistics.ts';
import { notMeasured, type Judgement } from '../../../src/report/claim.ts';
import { isFailed, isLeftOut, type Rows } from '../../rows.ts';
import type { Language } from '../language.ts';

export interface ArticleClaim {
  readonly claim: string;
  readonly article: string;
  readonly judge: (rows: Rows, language: Language) => Judgement;
}

/** Says why a row that a verdict needs has no figures. */
export function missing(
  { all }: Rows,
  section: string,
  ways: ReadonlyArray<{ readonly name: string } | undefined>,
  figure?: string,
): Judgement {
  const names = ways.flatMap((way) => way?.name ?? []);
  const own = all.filter((row) => row.section === section && names.includes(row.name));
  const failed = own.find(isFailed);
  if (failed) return notMeasured(`${failed.name} failed`);
  if (own.some(isLeftOut)) return notMeasured('its rows are left out');
  return notMeasured(
    figure === undefined ? 'this run has no row for it' : 'this system does not tell how much memory is used',
  );
}

/** Why a run with fewer turns decides nothing about times or memory. */
export const TOO_FEW_TURNS = `a verdict takes ${LEAST_TRIALS} turns of each case`;
