// `report`: the report of a saved run, or of two beside each other.
import { basename } from 'node:path';
import { outputIsNotAll, type Result } from '../command-line.ts';
import { print } from '../output.ts';
import { readJson } from '../files/json.ts';
import { runDocument, type RunDocument } from '../report/document.ts';
import { pageAt } from '../report/html/page.ts';
import { sideBySidePage } from '../report/html/side-by-side.ts';
import { paintFor } from '../report/paint.ts';
import { sideBySideText, type Side } from '../report/side-by-side.ts';
import { checkTargets, nameBeside, saveTargets, stemOf, type Target } from '../files/targets.ts';
import { shownName } from '../printable.ts';
import { targetsOf, tellSaved } from './report-files.ts';
import type { ReportFlags } from './report-options.ts';
import { UsageError } from '../usage-error.ts';

/** Makes the report of one saved run, or of two; beside the first unless `flags` say where. */
export async function runReport(
  _signal: AbortSignal,
  files: readonly string[],
  { html: asked, trace, force = false }: ReportFlags,
): Promise<Result> {
  const [first, second, ...more] = files;
  if (first === undefined || more.length > 0) {
    throw new UsageError(
      `report: expected one saved run, or two, got ${files.length}: ${files.map(shownName).join(', ')}`,
    );
  }
  if (second === undefined) {
    const targets = await targetsOf({
      html: asked ?? (trace === undefined ? `${stemOf(first)}.html` : undefined),
      trace,
    });
    return leave(targets, () => readRun(first), force);
  }
  if (trace !== undefined) throw new UsageError('--trace: a trace shows one run, not two');
  const side = async (path: string, other: string): Promise<Side> => ({
    name: nameBeside(path, other),
    run: await readRun(path),
  });
  const readBoth = async () => [await side(first, second), await side(second, first)] as const;
  const beside = `${stemOf(first)}-${stemOf(basename(second))}.html`;
  return leave([pageAt(asked ?? beside, sideBySidePage)], readBoth, force, (sides) =>
    sideBySideText(sides, paintFor(process.stdout)),
  );
}

async function leave<Run>(
  targets: ReadonlyArray<Target<Run>>,
  read: () => Promise<Run>,
  force: boolean,
  textOf: (run: Run) => readonly string[] = () => [],
): Promise<Result> {
  outputIsNotAll();
  await checkTargets(targets, force);
  const run = await read();
  const saved = await saveTargets(targets, run, force);
  print(textOf(run));
  return tellSaved(saved);
}

const readRun = (path: string): Promise<RunDocument> => readJson(path, runDocument);
