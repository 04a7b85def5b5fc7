import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The framework's own announcer of page titles has its style inline, which the policy forbids. */
function announcerByClass(): Plugin {
  return {
    name: 'announcer-by-class',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith('/generated/root.svelte')) return;
      const changed = code.replace(/(id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1 class="read-aloud-only"');
      if (changed === code) throw new Error('the announcer does not look as expected');
      return changed;
    }
  };
}

export default defineConfig({
  plugins: [announcerByClass(), sveltekit()],
  // Nothing becomes a data: address, so that the content security policy can stay at 'self'.
  build: { assetsInlineLimit: 0 },
  test: { include: ['src/**/*.test.ts'], environment: 'node' }
});
