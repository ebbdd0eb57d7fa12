// `report`: the report of a saved run, or of two beside each other; and what other commands need to leave one.
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { UsageError, type Result } from '../command-line.ts';
import { DocumentError } from '../report/check.ts';
import { parseDocument, type RunDocument } from '../report/document.ts';
import { REPORT_MARK, reportPage } from '../report/html/page.ts';
import { sideBySidePage } from '../report/html/side-by-side.ts';
import { checkTarget, saveReport, type SaveOptions } from '../report/save.ts';
import { TRACE_MARK, traceOf } from '../report/trace.ts';
import type { ReportFlags } from './report-options.ts';

interface Target {
  readonly path: string;
  readonly options: SaveOptions;
  readonly textOf: (run: RunDocument) => string;
}

function targetsOf({ html, trace, force = false }: ReportFlags): Target[] {
  const targets: Target[] = [];
  if (html !== undefined) {
    targets.push({ path: html, options: { mark: REPORT_MARK, force }, textOf: reportPage });
  }
  if (trace !== undefined) {
    const textOf = ({ comparisons }: RunDocument) => traceOf(comparisons);
    targets.push({ path: trace, options: { mark: TRACE_MARK, force }, textOf });
  }
  return targets;
}

/** Says before a run whether its reports can be written. @throws {UsageError} */
export async function checkReports(flags: ReportFlags): Promise<void> {
  const { html, trace } = flags;
  if (html !== undefined && trace !== undefined && resolve(html) === resolve(trace)) {
    throw new UsageError(`--trace: expected another file than --html, got ${trace} twice`);
  }
  for (const { path, options } of targetsOf(flags)) await checkTarget(path, options);
}

/** Writes the reports that `flags` ask for and returns their paths. @throws {UsageError} */
export async function saveReports(flags: ReportFlags, run: RunDocument): Promise<string[]> {
  const targets = targetsOf(flags);
  for (const { path, options, textOf } of targets) await saveReport(path, textOf(run), options);
  return targets.map(({ path }) => path);
}

/** Makes the report of one saved run, or of two; beside the first unless `flags` say where. */
export async function runReport(
  _signal: AbortSignal,
  files: readonly string[],
  flags: ReportFlags,
): Promise<Result> {
  const [first, second, ...more] = files;
  if (first === undefined || more.length > 0) throw new UsageError('report: expected one saved run, or two');
  const html =
    flags.html ?? (flags.trace === undefined ? `${first.replace(/\.json$/i, '')}.html` : undefined);
  const asked: ReportFlags = { ...flags, ...(html !== undefined && { html }) };
  await checkReports(asked);
  const run = await readRun(first);
  if (second === undefined) return announce(await saveReports(asked, run));
  if (flags.trace !== undefined) throw new UsageError('--trace: a trace shows one run, not two');
  const text = sideBySidePage([
    { name: nameOf(first, second), run },
    { name: nameOf(second, first), run: await readRun(second) },
  ]);
  await saveReport(html!, text, { mark: REPORT_MARK, force: flags.force ?? false });
  return announce([html!]);
}

function announce(paths: readonly string[]): Result {
  process.stdout.write(paths.map((path) => `wrote ${path}\n`).join(''));
  return 'done';
}

/** A file's name, or its path where the other file has the same name. */
const nameOf = (path: string, other: string): string =>
  basename(path) === basename(other) ? path : basename(path);

async function readRun(path: string): Promise<RunDocument> {
  try {
    return parseDocument(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError(`${path}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${path}: cannot be read (${code})`);
  }
}
