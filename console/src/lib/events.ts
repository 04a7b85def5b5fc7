/*
 * What the server says while a page is open: that something changed, never what. One stream serves the
 * whole tab, because a browser opens only a few connections to one server.
 */
import { operations } from './api/operations';

interface Listener {
  about: readonly string[];
  act: () => void;
}

const ADDRESS = '/api/v1/events';
const listeners = new Set<Listener>();
let source: EventSource | undefined;

/** Whether events come: then nobody needs to look by themselves. */
export function isPushed(): boolean {
  return source?.readyState === 1;
}

/** Does something whenever one of these nouns or ids is told of. Answers how to stop. */
export function onEvent(about: readonly string[], act: () => void): () => void {
  const listener = { about, act };
  listeners.add(listener);
  open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    source?.close();
    source = undefined;
  };
}

/** Whether an event is about one of the words; one that says that something was missed is about all. */
export function isAbout(data: string, about: readonly string[]): boolean {
  try {
    const { noun, what, ids } = JSON.parse(data) as { noun?: string; what?: string; ids?: string[] };
    if (what === 'stream.look-again') return true;
    return about.some((word) => word === noun || (ids ?? []).includes(word));
  } catch {
    return true;
  }
}

function open(): void {
  if (source || !('EventSource' in globalThis) || !operations.includes(`GET ${ADDRESS}`)) return;
  source = new EventSource(ADDRESS);
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    for (const { about, act } of listeners) if (isAbout(data, about)) act();
  });
}
