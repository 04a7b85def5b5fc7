/** How long a word stays, in milliseconds. */
const STAY_MS = 6000;

const said = $state<{ list: { id: number; text: string }[] }>({ list: [] });
let last = 0;

/** What is being said. */
export function toasts(): readonly { id: number; text: string }[] {
  return said.list;
}

/** Says that something was done. What failed stays on the page instead, where it can be read. */
export function say(text: string): void {
  const id = (last += 1);
  said.list.push({ id, text });
  setTimeout(() => (said.list = said.list.filter((toast) => toast.id !== id)), STAY_MS);
}
