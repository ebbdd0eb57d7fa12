// The options of everything that can leave a report behind. Nothing is loaded here but names: --help is quick.
import type { Command } from 'commander';

export interface ReportFlags {
  readonly html?: string | undefined;
  readonly trace?: string | undefined;
  readonly force?: boolean;
}

export const reportOptions = (on: Command): Command =>
  on
    .option('--html <file>', 'write the report, one HTML file that needs nothing else')
    .option('--trace <file>', 'write the spans as Trace Event JSON, for Perfetto or speedscope')
    .option('--force', 'replace a file that is not one of our reports');
