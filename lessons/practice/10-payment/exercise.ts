// When a request fails, the client cannot know whether it arrived: perhaps only the answer was lost. To ask
// for the menu twice does no harm. To pay twice does, unless the request carries an idempotency key: a number
// by which the bank knows that it has seen this payment before.
//
// What is wanted: `send` tries a request up to three times when it fails, but only where to repeat it is safe. A
// GET is always safe. A POST is safe only with a key, and every try carries the same key. Any other POST is sent
// once. `send` rejects with the last error.
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly idempotencyKey?: string;
}

export async function send(
  request: Request,
  transmit: (request: Request) => Promise<string>,
): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      return await transmit(request);
    } catch (error) {
      if (tries >= 3) throw error;
    }
  }
}
