// The kind of a failure in a few words, so that equal failures can be counted.

/** In characters. A message may hold a whole page. Its beginning is enough to tell it from others. */
const LONGEST_KIND = 200;

/** `StatusError 503`, `SocketError UND_ERR_SOCKET`, `SyntaxError`. Anything can be thrown, so nothing here may throw. */
export function kindOfFailure(reason: unknown): string {
  try {
    return describe(reason).slice(0, LONGEST_KIND);
  } catch {
    return 'something that cannot be put into words';
  }
}

function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const { status, code } = reason as { status?: unknown; code?: unknown };
  if (typeof status === 'number') return `${reason.name} ${status}`;
  // The number in a DOMException's code says no more than its name.
  if (typeof code === 'string') return `${reason.name} ${code}`;
  return reason.name === 'Error' ? reason.message : reason.name;
}
