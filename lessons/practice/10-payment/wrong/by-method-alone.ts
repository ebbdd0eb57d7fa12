// Seen: A payment with a key was sent 1 times.
import type { Request } from '../solution.ts';

export async function send(
  request: Request,
  transmit: (request: Request) => Promise<string>,
): Promise<string> {
  const most = request.method === 'GET' ? 3 : 1;
  for (let tries = 1; ; tries++) {
    try {
      return await transmit(request);
    } catch (error) {
      if (tries >= most) throw error;
    }
  }
}
