// TypeScript whose types Node strips: lines and columns are those of the file.
import { gate, keep, ready } from './gates.mjs';

interface Order {
  readonly id: number;
}
class Kitchen<Dish extends Order> {
  readonly dishes: readonly Dish[] = [];
  async cook(this: Kitchen<Dish>, _id: number): Promise<Order | undefined> {
    const done: unknown = await (gate() as Promise<unknown>);
    return done as Order;
  }
}
async function serve<Dish extends Order>(kitchen: Kitchen<Dish>): Promise<void> {
  const order: Order | undefined = await kitchen.cook(1);
  keep(order);
}

keep(serve(new Kitchen()));
ready();

/* shows, from Node 24:
serve 15:36
  cook 10:27
    ? (its resolver is in opened[])
*/
