import { recall } from '$lib/preferences.svelte';

/** A static page that asks the server for everything: nothing is rendered beforehand. */
export const ssr = false;
export const prerender = false;

export const load = async () => {
  await recall();
};
