// Where the child of `ownProcess` starts: load the module, call its `wrong` or `right`. Not in own-process.ts itself:
// the module imports that one, and each would wait for the other to finish loading.
const [, , module, version] = process.argv;
const pitfall = (await import(module!)) as Record<string, () => Promise<unknown>>;
await pitfall[version!]!();
