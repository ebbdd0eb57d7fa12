// What a report says first: the finding, if the run proves one. If not, what else can be said.
import { isMeasured, nameOf, type Comparison } from '../measure/comparison.ts';
import { finding } from './finding.ts';
import { count, duration, percent, taskNoun } from './units.ts';

export function headline(comparison: Comparison): string {
  const { rows, requests } = comparison;
  const job = nameOf(comparison);
  const found = finding(comparison);
  if (found) return found;
  const measured = rows.filter(isMeasured);
  const [good, ...others] = measured.filter((row) => row.failed === 0);
  const tasks = count(requests, taskNoun(comparison));
  if (good && others.length === 0) {
    const ofLimit = good.ofLimit === null ? '' : `, ${percent(good.ofLimit)} of ideal`;
    const alone = rows.length === 1 ? '' : ', the only approach without a failure';
    return `${job}: ${good.approach} took ${duration(good.timeMs.median)} for ${tasks}${alone}${ofLimit}.`;
  }
  if (measured.length === 0) return `${job}: no approach ended with a measurement.`;
  if (measured.every((row) => row.succeeded === 0)) return `${job}: nothing succeeded, so no time counts.`;
  return `${job}: every approach had failures, so no time is compared.`;
}
