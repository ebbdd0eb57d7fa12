// The process of one turn of one case.
import { receiveSettings } from '../src/child.ts';
import type { OwnProcessSettings } from './own-process.ts';
import type { Findings } from './findings.ts';

const { module, measure, input } = await receiveSettings<OwnProcessSettings>();
const measures = (await import(module)) as Record<string, (input: unknown) => Promise<Findings>>;
const findings = await measures[measure]!(input);
process.send!(findings, () => process.exit());
