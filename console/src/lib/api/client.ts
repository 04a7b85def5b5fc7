import createClient from 'openapi-fetch';
import { once, settled, type Act, type Answer } from './act';
import { Problem } from './problem';
import type { components, paths } from './schema';

export { Act } from './act';
export { Problem } from './problem';

/** A shape of the API by its name: `Shape<'ProcessorBody'>`. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name];

/** The server, typed by its own document. Same origin, so the session cookie goes along by itself. */
export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });

let whenLost = () => {};

/** What to do when the session is over. */
export function onLost(act: () => void): void {
  whenLost = act;
}

function noticed(thrown: unknown): Problem {
  const problem = Problem.from(thrown);
  if (problem.kind === 'lost') whenLost();
  return problem;
}

/** Reads something, or throws the problem. */
export async function read<T>(asked: Promise<Answer<T>>): Promise<T> {
  try {
    return settled(await asked);
  } catch (thrown) {
    throw noticed(thrown);
  }
}

/** Does something once, or throws the problem. */
export async function doOnce<T>(act: Act, body: unknown, send: (key: string) => Promise<Answer<T>>): Promise<T> {
  try {
    return await once(act, body, send);
  } catch (thrown) {
    throw noticed(thrown);
  }
}

/** All pages of a list. `page` asks for what follows a number. */
export async function readAll<T>(
  page: (after: number) => Promise<Answer<{ items: T[]; next?: number | null }>>,
  progress: (items: T[]) => void = () => {},
  itemsMax = 200_000
): Promise<T[]> {
  const items: T[] = [];
  for (let after: number | null | undefined = 0; after != null && items.length < itemsMax; ) {
    const part: { items: T[]; next?: number | null } = await read(page(after));
    items.push(...part.items);
    progress(items);
    after = part.next;
  }
  return items;
}
