// Keeps intercepted connections inside the process. msw opens a real connection for a client that connects and then
// writes nothing: it takes it for a client that waits for the server to speak first. undici is such a client when a
// request is aborted while it runs: it connects anew for a request that it then does not send. The next request goes
// out on that connection, past every handler.
import dns from 'node:dns';
import { SocketInterceptor } from '@mswjs/interceptors/net';
import { ORIGIN } from './origin.ts';

const { hostname: INVENTED_HOST } = new URL(ORIGIN);

interface Network {
  enable(): void;
  disable(): void;
}

/** The networks of this thread that are enabled now. */
const enabled = new Set<Network>();
/** Takes the guard away. There is one for the thread, from the first network's start until a tick after the last's end. */
let removeGuard: (() => void) | undefined;
/** Counts the ends of networks: only the tick of the latest end takes the guard away. */
let ends = 0;
let lookupIsGuarded = false;

/** Enables msw's network. Until it is disposed, no connection of this thread reaches the real one. */
export function enableInside(network: Network): Disposable {
  guardLookup();
  // A guard that was about to go would see connections before msw does, and msw would miss what they write.
  if (enabled.size === 0) removeGuard?.();
  network.enable();
  enabled.add(network);
  removeGuard ??= guardConnections();
  return {
    [Symbol.dispose]() {
      network.disable();
      enabled.delete(network);
      ends += 1;
      const thisEnd = ends;
      // msw looks at a new connection one tick after it was begun. Those that were begun before this end still find
      // the guard; those that are begun from now on are nobody's business.
      process.nextTick(() => {
        if (enabled.size === 0 && ends === thisEnd) removeGuard?.();
      });
    },
  };
}

function guardConnections(): () => void {
  const sockets = SocketInterceptor.singleton(SocketInterceptor);
  const stopped = new AbortController();
  sockets.apply(stopped);
  sockets.on(
    'connection',
    ({ socket, controller }) => {
      if (enabled.size === 0) {
        socket.destroy(new Error('the interception ended before this connection was made'));
        return;
      }
      // msw calls this for a silent client and for one that does not speak HTTP. The silent one is left waiting: what
      // it writes later is answered.
      controller.passthrough = () => {
        if (socket.bytesWritten > 0) {
          socket.destroy(new Error('only HTTP is intercepted, and nothing else may leave'));
        }
        return socket;
      };
    },
    { signal: stopped.signal },
  );
  return () => {
    removeGuard = undefined;
    stopped.abort();
    sockets.dispose(stopped);
  };
}

/**
 * A request that is aborted just before the interception ends makes undici connect after it. Nobody has to ask the
 * network's name servers for a host that does not exist.
 */
function guardLookup(): void {
  if (lookupIsGuarded) return;
  lookupIsGuarded = true;
  dns.lookup = new Proxy(dns.lookup, {
    apply(lookup, self, args: unknown[]): unknown {
      const callback = args.at(-1);
      if (args[0] !== INVENTED_HOST || typeof callback !== 'function') {
        return Reflect.apply(lookup, self, args);
      }
      const error = new Error(`${INVENTED_HOST} exists only where it is intercepted`);
      process.nextTick(callback, Object.assign(error, { code: 'ENOTFOUND' }));
      return {};
    },
  });
}
