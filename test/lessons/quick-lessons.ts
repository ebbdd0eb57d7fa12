// Preloaded by cli.test.ts: every lesson ends well at once, since that its own claim holds is proven in claims.test.ts.
// QUICK_LESSONS names those that end otherwise, as in {"memory":"undecided"}, or "breakdown": a lesson that ends before
// it has reached a verdict.
import { EXIT, type Verdict } from '../../lessons/verdict.ts';

const [, name] = /\/lessons\/\d\d-([\w-]+)\.ts$/.exec(process.argv[1]?.replaceAll('\\', '/') ?? '') ?? [];
if (name !== undefined) {
  const ends = JSON.parse(process.env['QUICK_LESSONS'] ?? '{}') as Record<
    string,
    Verdict['outcome'] | 'breakdown'
  >;
  const outcome = ends[name] ?? 'holds';
  if (outcome === 'breakdown') throw new Error('the kitchen burned down');
  const because = outcome === 'holds' ? '' : `this is why: ${outcome}`;
  const sent = Promise.withResolvers<void>();
  process.send!({ outcome, because }, () => sent.resolve());
  await sent.promise;
  process.exit(EXIT[outcome]);
}
