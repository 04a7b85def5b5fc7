import { goto } from '$app/navigation';
import { api, onLost, Problem, read, type Shape } from './api/client';
import { forgetDrafts } from './draft.svelte';
import { wayBackIsSafe } from './way';

/** Who is signed in. */
export type Who = Shape<'SessionBody'>;

const held = $state<{ who: Who | undefined; problem: Problem | undefined }>({ who: undefined, problem: undefined });

/** Who is signed in, as long as it is known. */
export function who(): Who | undefined {
  return held.who;
}

/** Why it is not known: the server does not answer. */
export function sessionProblem(): Problem | undefined {
  return held.problem;
}

/** Remembers who came in. */
export function came(somebody: Who): void {
  held.who = somebody;
  held.problem = undefined;
}

/** Asks the server who is signed in. `undefined` when nobody is, or when it does not answer. */
export async function ask(): Promise<Who | undefined> {
  try {
    held.who = await read(api.GET('/api/v1/sessions/current'));
    held.problem = undefined;
  } catch (thrown) {
    const problem = Problem.from(thrown);
    held.who = undefined;
    held.problem = problem.kind === 'lost' ? undefined : problem;
  }
  return held.who;
}

/** Signs out; what was typed and not sent is forgotten, because the next person may be another one. */
export async function leave(): Promise<void> {
  await read(api.DELETE('/api/v1/sessions/current')).catch(() => undefined);
  held.who = undefined;
  forgetDrafts();
  await goto('/sign-in');
}

/** Where to go on after signing in: an address of this console, or its first page. */
export function wayBack(next: string | null): string {
  return next && wayBackIsSafe(next) ? next : '/';
}

/** The sign-in page that returns to where the person is now. */
export function signInAddress(here: URL): string {
  const path = here.pathname + here.search;
  return path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`;
}

onLost(() => {
  const here = new URL(location.href);
  if (!held.who || here.pathname === '/sign-in') return;
  held.who = undefined;
  void goto(`${signInAddress(here)}${here.pathname === '/' ? '?' : '&'}lost=1`);
});
