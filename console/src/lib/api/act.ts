import { Problem } from './problem';

/** Most tries of one act. */
const TRIES_MAX = 4;
/** Longest wait between two tries, in milliseconds. */
const WAIT_MS_MAX = 5000;

/** An answer as openapi-fetch gives it. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * One act of a person. Its Idempotency-Key stays the same until the server has answered for good, so
 * that pressing the button again after a broken line cannot do a thing twice. Another body is another
 * act.
 */
export class Act {
  #key = '';
  #body = '';

  /** The key under which this body is sent. */
  key(body: unknown): string {
    const text = JSON.stringify(body) ?? '';
    if (!this.#key || text !== this.#body) {
      this.#key = crypto.randomUUID();
      this.#body = text;
    }
    return this.#key;
  }

  /** The server has answered: the next one is a new act. */
  settle(): void {
    this.#key = '';
  }
}

/** Sends an act; waits and tries again with the same key while the server is busy or silent. */
export async function once<T>(
  act: Act,
  body: unknown,
  send: (key: string) => Promise<Answer<T>>,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms))
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      const data = settled(await send(act.key(body)));
      act.settle();
      return data;
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (!problem.isPassing) act.settle();
      if (!problem.isPassing || tries === TRIES_MAX) throw problem;
      await pause(Math.min((problem.retryAfter ?? 0.4 * 2 ** tries) * 1000, WAIT_MS_MAX));
    }
  }
}

/** What was answered, or the problem. */
export function settled<T>({ data, error, response }: Answer<T>): T {
  if (!response.ok) throw Problem.of(response, error);
  return data as T;
}
