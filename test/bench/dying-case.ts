// A case that ends its process before it has found anything.
export function die(code: number): never {
  process.exit(code);
}
