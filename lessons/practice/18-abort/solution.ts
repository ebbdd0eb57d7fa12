// fetch takes the signal itself. It ends the request, body included, and rejects with the signal's reason.
export interface Order {
  readonly id: number;
}

export async function loadOrders(
  origin: string,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Order[]> {
  return Promise.all(
    ids.map(async (id) => {
      const response = await fetch(`${origin}/orders/${id}`, { signal });
      return response.json() as Promise<Order>;
    }),
  );
}
