import { redirect } from '@sveltejs/kit';
import { ask, sessionProblem, signInAddress, who } from '$lib/session.svelte';

export const load = async ({ url }: { url: URL }) => {
  const somebody = who() ?? (await ask());
  if (somebody?.must_choose_secret) redirect(307, signInAddress(url));
  if (!somebody && !sessionProblem()) redirect(307, signInAddress(url));
};
