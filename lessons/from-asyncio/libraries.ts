// Part 3 of the map: the libraries that the article names, each beside its counterpart. All of them run inside this process,
// except MongoDB, which cannot.
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { Pool, type PoolClient } from 'pg';
import { temporaryFolder } from '../../src/files/temporary-folder.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { intercept } from '../../src/api/intercept.ts';
import type { Order } from '../../src/api/orders.ts';
import { ORIGIN } from '../../src/api/origin.ts';
import { Session } from '../../src/api/session.ts';
import type { Database } from '../database/database.ts';
import { timed } from '../stage.ts';
import type { Row } from './row.ts';

export const libraries: readonly Row[] = [
  {
    python: 'aiohttp.ClientSession',
    node: 'Session, an undici Agent',
    differs: 'No limit of connections unless you set one. aiohttp has 100.',
    async run() {
      using _ = intercept({ conditions: INSTANT });
      await using session = new Session({ origin: ORIGIN, connections: 2 });
      const { status, body } = await session.getJson('/orders/7');
      return [status, (body as Order).id];
    },
    expect: [200, 7],
  },
  {
    python: 'aiohttp.web',
    node: 'node:http',
    differs: 'It has no routes. Hono and Fastify have.',
    async run() {
      const server = createServer((request, response) =>
        response.end(JSON.stringify({ asked: request.url })),
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      await using session = new Session({
        origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        connections: 1,
      });
      const { body } = await session.getJson('/menu');
      server.close();
      return body;
    },
    expect: { asked: '/menu' },
  },
  {
    python: 'FastAPI',
    node: 'Hono, or Fastify',
    differs: 'Types are gone at run time, so checking input needs a schema.',
    async run() {
      const app = new Hono().get('/orders/:id{[0-9]+}', ({ req, json }) =>
        json({ id: Number(req.param('id')) }),
      );
      const found = await app.request('/orders/7');
      const refused = await app.request('/orders/seven');
      return [await found.json(), refused.status];
    },
    expect: [{ id: 7 }, 404],
  },
  {
    python: 'aiofiles.open',
    node: 'open of node:fs/promises',
    // aiofiles is a thread pool behind an async face. So is this one.
    async run() {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'order.json');
      {
        await using file = await open(path, 'w');
        await file.write('{"id":7}');
      }
      return await readFile(path, 'utf8');
    },
    expect: '{"id":7}',
  },
  {
    python: 'asyncpg.create_pool()',
    node: 'new Pool() of pg, lesson 25',
    differs: 'asyncpg refuses a query on a busy connection. pg queues it, until pg 9.',
    async run() {
      await using database = await openDatabase();
      const pool = new Pool(database.connection);
      const connection = await pool.connect();
      const took = async (client: Pool | PoolClient) => {
        const seconds = await timed(() => Promise.all([client.query('select 1'), client.query('select 1')]));
        return `${database.takeMostInFlight()} in flight, ${seconds} s`;
      };
      const seen = [await took(connection), await took(pool)];
      connection.release();
      await pool.end();
      return seen;
    },
    expect: ['1 in flight, 2 s', '2 in flight, 1 s'],
  },
  {
    python: 'async with pool.acquire()',
    node: 'pool.connect(), release()',
    differs: 'No block gives it back. Without release in a finally, the pool runs dry.',
    async run() {
      await using database = await openDatabase();
      const pool = new Pool({ ...database.connection, max: 1, connectionTimeoutMillis: 5000 });
      const nextGets = () =>
        pool.query('select 1').then(
          () => 'a connection',
          ({ message }: Error) => message,
        );
      const connection = await pool.connect();
      // The sleep keeps the process alive until then. A socket would do so too, but a wire in memory does not.
      const [refused] = await Promise.all([nextGets(), sleep(5000)]);
      connection.release();
      const served = await nextGets();
      await pool.end();
      return [refused, served];
    },
    expect: ['timeout exceeded when trying to connect', 'a connection'],
  },
  {
    python: 'motor',
    node: 'the mongodb driver',
    differs: 'Not executed here: no MongoDB runs inside a Node process.',
  },
  {
    python: 'Celery, arq',
    node: 'a job queue, lesson 26',
    differs: 'pg-boss needs Postgres and no broker. A job may run twice here too.',
  },
];

/** A database that is a second away. Imported only here: the other rows need no database. */
async function openDatabase(): Promise<Database> {
  const { Database } = await import('../database/database.ts');
  return Database.open({ roundTripMs: 1000 });
}
