/** Whether an address is one of this console's own pages, so that signing in may lead there. */
export function wayBackIsSafe(next: string): boolean {
  const isOdd = [...next].some((character) => character <= ' ' || character === '\\');
  return next.startsWith('/') && !next.startsWith('//') && !isOdd && !next.startsWith('/sign-in');
}

const KEPT_AS = 'doldam.next';

/** Keeps where somebody wanted to go while they are at the company's identity provider: the provider need not know. */
export function keepWay(next: string | null, store: Pick<Storage, 'setItem' | 'removeItem'> = sessionStorage): void {
  if (next && wayBackIsSafe(next)) store.setItem(KEPT_AS, next);
  else store.removeItem(KEPT_AS);
}

/** Where they wanted to go, once. */
export function takeWay(store: Pick<Storage, 'getItem' | 'removeItem'> = sessionStorage): string | null {
  const next = store.getItem(KEPT_AS);
  store.removeItem(KEPT_AS);
  return next;
}
