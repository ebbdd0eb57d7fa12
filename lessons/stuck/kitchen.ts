// The program that lesson 24 looks into. Each dish is cooked once, and whoever needs it awaits the same promise. Its
// argument is what the stock is made of.
const [, , stockOf = 'pie'] = process.argv;

type Recipe = () => Promise<void>;

const started = new Map<Recipe, Promise<void>>();

function ready(recipe: Recipe): Promise<void> {
  const promise = started.get(recipe) ?? recipe();
  started.set(recipe, promise);
  return promise;
}

const opening = Promise.resolve();

async function pie(): Promise<void> {
  await opening;
  await Promise.all([ready(dough), ready(sauce)]);
}

async function dough(): Promise<void> {
  await opening;
}

async function sauce(): Promise<void> {
  await opening;
  await ready(stock);
}

async function stock(): Promise<void> {
  await opening;
  if (stockOf === 'pie') await ready(pie);
}

async function serve(table: number): Promise<void> {
  await ready(pie);
  process.stdout.write(`table ${table} has its pie\n`);
}

async function evening(): Promise<void> {
  await Promise.all([1, 2, 3].map(serve));
}

// A server would stay alive too, with guests in front of it. The parent ends it.
process.stdin.resume();
setImmediate(() => process.stdout.write('the kitchen has nothing left to do\n'));
await evening();
