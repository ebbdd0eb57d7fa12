export function gate(): Promise<unknown>;
export function keep(...values: unknown[]): void;
export function ready(): void;
