import type { Snippet } from 'svelte';

/** Under which name a page tells its parts where its side is. */
export const SIDE = Symbol('the side of a page');

/** The side of a page, filled by the part whose row is in focus. */
export interface SideOfPage {
  part: Snippet | undefined;
}
