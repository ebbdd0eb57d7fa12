// What `await` would wait for: a promise, or anything else with a `then`.

/** Whether `await` would wait for it. @throws what a getter named `then` throws */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}
