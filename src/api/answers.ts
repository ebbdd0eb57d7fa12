// The kinds of answers that handlers give. Nearly all have their whole text at hand, and they keep it: the server can
// then send head and text in one write. To read a Response's body back from its stream costs a quarter of a request.
import { HttpResponse } from 'msw/http';

export type Fields = Readonly<Record<string, string>>;

/** An answer whose whole text is known. Fields are HTTP's header fields, their names in lower case. */
export class TextAnswer extends HttpResponse<string> {
  readonly content: string;
  readonly fields: Fields;

  constructor(content: string, status: number, fields: Fields = {}) {
    const all = { 'content-length': String(Buffer.byteLength(content)), ...fields };
    // An empty text would still be given a content-type.
    super(content === '' ? null : content, { status, headers: all });
    this.content = content;
    this.fields = all;
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** The text is JSON already, or meant to be broken JSON. */
export const jsonText = (text: string, status = 200, fields: Fields = {}): TextAnswer =>
  new TextAnswer(text, status, { ...JSON_TYPE, ...fields });

export const json = (value: unknown, status = 200, fields: Fields = {}): TextAnswer =>
  jsonText(JSON.stringify(value), status, fields);

/** `{"error": …}`: says what was wrong, and where possible what would be right. */
export const refusal = (status: number, error: string, fields: Fields = {}): TextAnswer =>
  json({ error }, status, fields);

export const html = (text: string, fields: Fields = {}): TextAnswer =>
  new TextAnswer(text, 200, { 'content-type': 'text/html; charset=utf-8', ...fields });

/**
 * JSON whose body comes in pieces. `onEnd` is called once: with `completed` after the last piece was taken, with
 * `aborted` when the client goes away or `pieces` throws.
 */
export function streamed(
  pieces: AsyncGenerator<string>,
  onEnd: (outcome: 'completed' | 'aborted') => void,
): Response {
  const encoder = new TextEncoder();
  // Not ReadableStream.from(): a client that goes away before the first piece would not be noticed.
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (!done) {
            controller.enqueue(encoder.encode(value));
            return;
          }
        } catch (error) {
          onEnd('aborted');
          throw error;
        }
        onEnd('completed');
        controller.close();
      },
      async cancel() {
        onEnd('aborted');
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  // Without a framing header, a body that breaks off would end as a clean, truncated 200.
  return new HttpResponse(body, { headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' } });
}

/** What a HEAD request gets: everything but the body. */
export async function headOf(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return new HttpResponse(null, { status: answer.status, headers: answer.headers });
}
