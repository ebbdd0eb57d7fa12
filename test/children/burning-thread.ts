// A worker thread that fails as soon as it runs.
throw new RangeError('the order burnt in a thread');
