// Seen: A GET was sent 1 times.
import type { Request } from '../solution.ts';

export async function send(
  request: Request,
  transmit: (request: Request) => Promise<string>,
): Promise<string> {
  return transmit(request);
}
