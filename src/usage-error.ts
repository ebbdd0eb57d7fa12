/** The command line asked for something that does not exist or cannot be; the message says what would do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
