// Somebody closes the page, and the signal is aborted. This function looks at the signal between two
// requests, but the requests that are on their way know nothing of it: the API goes on working for nobody.
//
// What is wanted: `loadOrders` asks for all orders at once and fulfils with them in the order of `ids`. When
// the signal is aborted, every request ends at once, and `loadOrders` rejects with the signal's reason. If
// the signal is aborted already, nothing is asked for.
export interface Order {
  readonly id: number;
}

export async function loadOrders(
  origin: string,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Order[]> {
  signal.throwIfAborted();
  const orders = await Promise.all(
    ids.map(async (id) => {
      const response = await fetch(`${origin}/orders/${id}`);
      signal.throwIfAborted();
      return (await response.json()) as Order;
    }),
  );
  return orders;
}
