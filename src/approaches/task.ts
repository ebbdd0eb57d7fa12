// The one type the approaches share: work on one input. A task that takes time should stop at its signal.

export type Task<Input, Output> = (input: Input, signal?: AbortSignal) => Output | PromiseLike<Output>;
