// The names of the servers that are compared. They have a file of their own, so that the list of benchmarks loads no server.

export const SERVER_NAMES = ['bare node:http', 'this API', 'its handlers behind @hono/node-server'] as const;

export type ServerName = (typeof SERVER_NAMES)[number];
