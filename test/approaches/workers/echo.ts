// Answers with what it was told, in a thread of its own.
export default async function echo(input: string): Promise<string> {
  if (input === 'burn') throw new RangeError('the order burnt');
  return `echo of ${input}`;
}
