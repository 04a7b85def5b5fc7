/** What kind of refusal it is: each has words of its own in the messages (`problem.<kind>.…`). */
export type ProblemKind =
  | 'offline'
  | 'busy'
  | 'lost'
  | 'forbidden'
  | 'missing'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'changed'
  | 'locked'
  | 'refused'
  | 'failed';

const KINDS: Record<number, ProblemKind> = {
  401: 'lost',
  403: 'forbidden',
  404: 'missing',
  409: 'conflict',
  410: 'gone',
  413: 'too_large',
  422: 'changed',
  429: 'locked',
  502: 'offline',
  503: 'busy',
  504: 'busy'
};

/** A refusal of the server (RFC 9457), or its silence. */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    /** A stable word for programs. */
    readonly code: string,
    /** The server's own sentence, in English. */
    readonly detail: string,
    /** Seconds after which another try makes sense. */
    readonly retryAfter: number | undefined = undefined
  ) {
    super(`${kind} ${code}`);
  }

  /** Whether the same act may be sent again as it is. */
  get isPassing(): boolean {
    return this.kind === 'offline' || this.kind === 'busy';
  }

  /** Of an answer that is no success. */
  static of(response: Response, body: unknown): Problem {
    const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const kind = KINDS[response.status] ?? (response.status >= 500 ? 'failed' : 'refused');
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new Problem(kind, text(said.code), text(said.detail), Number.isFinite(seconds) ? seconds : undefined);
  }

  /** Of whatever was thrown. */
  static from(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof TypeError) return new Problem('offline', 'console.offline', '');
    return new Problem('failed', 'console.failed', thrown instanceof Error ? thrown.message : '');
  }
}
