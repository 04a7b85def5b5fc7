/*
 * What somebody has typed and not sent yet outlives a lost session, a reload and a server that is
 * gone. It is kept for this tab only, and only for texts that must not hold personal data anyway:
 * reasons, purposes, titles. Secrets and people are never drafts.
 */
const PREFIX = 'doldam.draft.';

/** A text that outlives the page. */
export class Draft {
  #name: string;
  #text = $state('');

  /** The draft of that name, such as `cut.P-1`; what was typed before is there again. */
  constructor(name: string) {
    this.#name = PREFIX + name;
    try {
      this.#text = sessionStorage.getItem(this.#name) ?? '';
    } catch {
      // A browser that keeps nothing keeps nothing.
    }
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    try {
      if (text) sessionStorage.setItem(this.#name, text);
      else sessionStorage.removeItem(this.#name);
    } catch {
      // As above.
    }
  }

  /** It was sent. */
  clear(): void {
    this.text = '';
  }
}

/** Forgets all drafts of this tab. */
export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
    }
  } catch {
    // As above.
  }
}
