/** Whether an address is one of this console's own pages, so that signing in may lead there. */
export function wayBackIsSafe(next: string): boolean {
  const isOdd = [...next].some((character) => character <= ' ' || character === '\\');
  return next.startsWith('/') && !next.startsWith('//') && !isOdd && !next.startsWith('/sign-in');
}
