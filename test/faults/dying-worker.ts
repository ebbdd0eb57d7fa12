// A worker whose inputs say how it ends; every other input is answered.
const ENDS: Readonly<Record<number, () => unknown>> = {
  2: () => {
    throw new Error('dropped the tray');
  },
  3: () => process.exit(3),
  4: () => {
    const hoard: unknown[] = [];
    for (;;) hoard.push(Array.from({ length: 1000 }, () => ({})));
  },
  5: () => {
    for (;;);
  },
};

export default async function runBatch(inputs: readonly number[]): Promise<string[]> {
  return inputs.map((input) => {
    ENDS[input]?.();
    return `served ${input}`;
  });
}
