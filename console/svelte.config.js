import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// `GALLERY=1` builds the page of all components that the browser tests look at; it is never shipped.
const isGallery = process.env.GALLERY === '1';
const folder = isGallery ? 'build-gallery' : 'build';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    adapter: adapter({ pages: folder, assets: folder, fallback: 'index.html' }),
    files: isGallery ? { routes: 'e2e/gallery' } : {},
    paths: { relative: false },
    // The same sources make the same files.
    version: { name: '1', pollInterval: 0 }
  }
};
