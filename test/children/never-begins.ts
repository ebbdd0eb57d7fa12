// A child whose program never begins: it stands still while it is loaded.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
