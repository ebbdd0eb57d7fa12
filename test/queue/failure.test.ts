// What the database says when something is wrong, in our words. Real servers say it in real-postgres.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, QueueFailure } from '../../src/queue/failure.ts';

const DATABASE = { kind: 'server', url: 'postgres://me:hunter2@db:6000/orders' } as const;
const NAME = 'the database postgres://me@db:6000/orders';

/** An error as the driver or the system throws it. */
const thrown = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

const KINDS: ReadonlyArray<readonly [error: Error, says: string, mayPass: boolean]> = [
  [thrown('connect ECONNREFUSED 127.0.0.1:6000', 'ECONNREFUSED'), 'cannot be reached (ECONNREFUSED)', true],
  [
    Object.assign(new AggregateError([thrown('connect ECONNREFUSED ::1:6000', 'ECONNREFUSED')], ''), {
      code: 'ECONNREFUSED',
    }),
    'cannot be reached (ECONNREFUSED)',
    true,
  ],
  [thrown('getaddrinfo ENOTFOUND db', 'ENOTFOUND'), 'is on an unknown host (is the name right?)', false],
  [thrown('password authentication failed for user "me"', '28P01'), 'refuses the password', false],
  [
    thrown('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    'asks for a password, and none was given (DATABASE_URL or PGPASSWORD can hold it)',
    false,
  ],
  [
    thrown('cannot execute INSERT in a read-only transaction', '25006'),
    'is read-only (a standby?), but a queue must write',
    false,
  ],
  [
    thrown('could not extend file "base/5/16384": No space left on device', '53100'),
    'has no space left on its disk',
    false,
  ],
  [thrown('terminating connection due to administrator command', '57P01'), 'closed the connection', true],
  [thrown('Connection terminated unexpectedly'), 'closed the connection', true],
  [
    thrown('The server does not support SSL connections'),
    'does not encrypt its connections, and its URL asks for that (sslmode)',
    false,
  ],
  [
    thrown('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
    'has a certificate that is not trusted (self-signed certificate)',
    false,
  ],
  [
    thrown('the secret hunter2\nis not a column', '42703'),
    'says: the secret *** is not a column (42703)',
    false,
  ],
];

test('each failure is one line, which says whether it may pass, and never the password', () => {
  for (const [error, says, mayPass] of KINDS) {
    const failure = failureOf(error, DATABASE);
    assert.ok(failure instanceof QueueFailure, says);
    assert.deepEqual([failure.message, failure.mayPass], [`${NAME} ${says}`, mayPass]);
  }
});

test('what is no failure of the database stays what it is', () => {
  for (const error of [new TypeError('x is not a function'), new QueueFailure('gone'), 'soup', undefined]) {
    assert.equal(failureOf(error, DATABASE), error);
  }
});
