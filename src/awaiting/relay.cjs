// Runs inside the program that `npm run awaiting -- FILE` starts, before anything of the program's own. When the program
// ends with code 13, or gets SIGQUIT (Ctrl-\), it hands the inspector of its own thread to us, over file descriptor 3.
// No port is opened and Node prints nothing. The program stands still meanwhile, and goes on when we say so.
//
// This is no TypeScript, and no ES module: either would change how Node loads the program.
'use strict';

const { isMainThread } = require('node:worker_threads');

const CHANNEL = 3;
const UNSETTLED = 13;

// A process that the program forks would get these flags too, and would find no channel. They stand together, as
// `--inspect-port=0 --require THIS_FILE`.
const last = process.execArgv.indexOf(__filename);
if (last > 1) process.execArgv.splice(last - 2, 3);

if (isMainThread) {
  /**
   * One request can come as two signals: one from the terminal, and one from us if the program did not answer the first.
   */
  let isSameRequest = false;
  /** Whether the program had chosen no code when the event loop was last empty. */
  let isCodeOpen = false;
  process.on('beforeExit', () => {
    // After the program's own listeners, one of which may choose a code.
    queueMicrotask(() => {
      isCodeOpen = process.exitCode === undefined;
    });
  });
  process.on('exit', (code) => {
    if (code === UNSETTLED) serve(isCodeOpen && !isExitCalled() ? 'out of work' : 'end');
  });
  process.on('SIGQUIT', () => {
    if (isSameRequest) return;
    serve('asked');
    isSameRequest = true;
    const forget = setImmediate(() => {
      isSameRequest = false;
    });
    forget.unref();
  });
  // Before this line the signal would have ended the program.
  send({ method: 'Relay.ready' });
}

/** If the program called `process.exit`, the listeners of 'exit' run inside that call. The program then chose its end. */
function isExitCalled() {
  const sites = process.getBuiltinModule('node:util').getCallSites();
  return sites.some(
    ({ functionName, scriptName }) =>
      functionName === 'exit' && scriptName.startsWith('node:internal/process/'),
  );
}

/** @param {'out of work' | 'end' | 'asked'} why */
function serve(why) {
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connect();
  try {
    session.on('inspectorNotification', send);
    send({ method: 'Relay.stopped', params: { why } });
    for (const { id, method, params } of orders()) {
      if (method === 'Relay.goOn') return;
      if (method === 'Relay.writeSnapshot') {
        process.getBuiltinModule('node:v8').writeHeapSnapshot(params.file, { exposeInternals: true });
        send({ id, result: {} });
      } else {
        session.post(method, params, (error, result) =>
          send(error ? { id, error: { message: error.message } } : { id, result }),
        );
      }
    }
  } catch {
    // The process that started us is gone. The program goes on alone.
  } finally {
    session.disconnect();
  }
}

/** @param {object} message */
function send(message) {
  const { writeSync } = process.getBuiltinModule('node:fs');
  let rest = Buffer.from(`${JSON.stringify(message)}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(CHANNEL, rest));
}

function* orders() {
  const { readSync } = process.getBuiltinModule('node:fs');
  const piece = Buffer.alloc(65_536);
  let pending = '';
  for (;;) {
    const length = readSync(CHANNEL, piece);
    if (length === 0) return;
    // Orders are ASCII, as our own expressions are.
    const lines = (pending + piece.toString('latin1', 0, length)).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}
