/*
 * Passkeys by the browser. The server speaks the JSON of Web Authentication, Level 3. What it asks is given
 * to the browser as bytes by hand; a browser that cannot answer in JSON is not offered passkeys.
 */
const TEXTUAL = new Set(['challenge', 'id']);

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(padded), (letter) => letter.codePointAt(0)!);
}

/** The options with bytes where the browser wants bytes: the challenge, and ids of users and credentials. */
export function opened(value: unknown, isInside = false): unknown {
  if (Array.isArray(value)) return value.map((one) => opened(one, true));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isBytes = typeof inner === 'string' && TEXTUAL.has(name) && (name === 'challenge' || isInside);
      // A site is named by a text, a user and a credential by bytes.
      return [name, isBytes ? bytes(inner) : name === 'rp' ? inner : opened(inner, true)];
    })
  );
}

function inner(options: unknown): unknown {
  return (options as { publicKey?: unknown }).publicKey ?? options;
}

function answered(made: Credential | null): unknown {
  if (!made) throw new DOMException('nothing was made', 'NotAllowedError');
  return (made as PublicKeyCredential).toJSON();
}

/** Longest name of a passkey, in characters; the server has the same. */
export const NAME_MAX = 64;

/** Whether this browser can. */
export const hasPasskeys = typeof PublicKeyCredential !== 'undefined' && typeof PublicKeyCredential.prototype.toJSON === 'function';

/** Makes a passkey; throws when the person does not want to. */
export async function make(options: unknown): Promise<unknown> {
  const publicKey = opened(inner(options)) as PublicKeyCredentialCreationOptions;
  return answered(await navigator.credentials.create({ publicKey }));
}

/** Asks for a passkey; throws when the person does not want to. */
export async function use(options: unknown): Promise<unknown> {
  const publicKey = opened(inner(options)) as PublicKeyCredentialRequestOptions;
  return answered(await navigator.credentials.get({ publicKey }));
}
