// The generator stands still at `yield`, so the next page is fetched only when somebody asks for more. A
// consumer who leaves the loop calls the generator's `return`, and that runs the finally block.
export interface Source {
  nextPage(): Promise<number[] | undefined>;
  close(): Promise<void>;
}

export async function* orders(source: Source): AsyncGenerator<number> {
  try {
    for (;;) {
      const page = await source.nextPage();
      if (page === undefined) return;
      yield* page;
    }
  } finally {
    await source.close();
  }
}
