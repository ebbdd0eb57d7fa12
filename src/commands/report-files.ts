// The files that a command leaves behind. What makes them is loaded only where somebody asks for one: most runs end on the
// screen.
import type { Result } from '../command-line.ts';
import { jsonPieces } from '../files/json-pieces.ts';
import type { SavedTargets, Target } from '../files/targets.ts';
import { print } from '../output.ts';
import { oneLine } from '../printable.ts';
import type { RunDocument } from '../report/document.ts';
import type { ReportFlags } from './report-options.ts';

/** The file that `--save` asked for. */
export const documentAt = (path: string): Target<RunDocument> => ({
  option: '--save',
  path,
  mark: '"comparisons":',
  textOf: jsonPieces,
});

/** The reports of a run that `flags` ask for. */
export async function targetsOf({ html, trace }: ReportFlags): Promise<Array<Target<RunDocument>>> {
  const targets: Array<Target<RunDocument>> = [];
  if (html !== undefined) {
    const { pageAt, reportPage } = await import('../report/html/page.ts');
    targets.push(pageAt(html, reportPage));
  }
  if (trace !== undefined) {
    const { TRACE_MARK, traceOf } = await import('../report/trace.ts');
    const textOf = ({ comparisons }: RunDocument) => traceOf(comparisons);
    targets.push({ option: '--trace', path: trace, mark: TRACE_MARK, textOf });
  }
  return targets;
}

/** Says which files were written and which were not. */
export function tellSaved({ lines, failures }: SavedTargets): Result {
  print(lines);
  for (const failure of failures) process.stderr.write(`error: ${oneLine(failure)}\n`);
  return failures.length === 0 ? 'done' : 'failed';
}
