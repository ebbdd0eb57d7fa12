// Preloaded by cli.test.ts: makes the first lesson end as if its claim were false. No real lesson does.
if (process.argv[1]?.endsWith('01-one-waiter.ts')) {
  console.error('The claim does not hold: the salad was late');
  process.exit(1);
}
