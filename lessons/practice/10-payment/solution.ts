// Idempotent means: twice is as good as once. Only such a request is repeated.
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly idempotencyKey?: string;
}

export async function send(
  request: Request,
  transmit: (request: Request) => Promise<string>,
): Promise<string> {
  const isIdempotent = request.method === 'GET' || request.idempotencyKey !== undefined;
  const most = isIdempotent ? 3 : 1;
  for (let tries = 1; ; tries++) {
    try {
      return await transmit(request);
    } catch (error) {
      if (tries >= most) throw error;
    }
  }
}
