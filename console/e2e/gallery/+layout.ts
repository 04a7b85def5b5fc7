import { recall } from '$lib/preferences.svelte';

export const ssr = false;
export const prerender = false;

export const load = async () => {
  await recall();
};
