// A worker that fails while it loads, in every thread.
throw new Error('the stove is cold');
