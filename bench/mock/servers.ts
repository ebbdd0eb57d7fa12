// Three servers that give the same answer to the same request: our API, the least that Node can do, and our handlers
// behind a well-kept adapter. The second shows what HTTP itself costs, the third what an adapter adds to our handlers.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getResponse } from 'msw/utils/get-response';
import { INSTANT } from '../../src/api/conditions.ts';
import { ordersApi } from '../../src/api/handlers.ts';
import { orderOf } from '../../src/api/orders.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { serve } from '../../src/api/serve.ts';
import type { ServerName } from './server-names.ts';

export interface RunningServer extends AsyncDisposable {
  readonly origin: string;
}

export const SERVERS: Readonly<Record<ServerName, () => Promise<RunningServer>>> = {
  async 'bare node:http'() {
    const server = createServer((request, response) => {
      const order = JSON.stringify(orderOf(Number(request.url!.slice('/orders/'.length))));
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(order),
      });
      response.end(order);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return running(server);
  },
  'this API': () => serve({ conditions: INSTANT }),
  async 'its handlers behind @hono/node-server'() {
    const { createAdaptorServer } = await import('@hono/node-server');
    const handlers = ordersApi({ conditions: INSTANT });
    const server = createAdaptorServer({
      fetch(request) {
        const { pathname } = new URL(request.url);
        const { method, headers, signal } = request;
        return getResponse(handlers, new Request(ORIGIN + pathname, { method, headers, signal }));
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return running(server as ReturnType<typeof createServer>);
  },
};

function running(server: ReturnType<typeof createServer>): RunningServer {
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
