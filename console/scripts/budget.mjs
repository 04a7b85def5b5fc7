// What a browser fetches before a page stands: at most 150 KB of JavaScript, gzipped, on any page.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 150_000;
const root = new URL('../', import.meta.url);
const client = new URL('.svelte-kit/output/client/', root);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', client), 'utf8'));

const weight = (file) => gzipSync(readFileSync(new URL(file, client))).length;
const keys = Object.keys(manifest);
const find = (pattern) => keys.filter((key) => pattern.test(key));

/** A chunk and all that it imports at once. */
function reach(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) reach(next, seen);
  return seen;
}

const always = [...find(/runtime\/client\/entry\.js$/), ...find(/client-optimized\/app\.js$/), ...find(/nodes\/[02]\.js$/)];
const messages = find(/messages\/(ko|en)\.json$/);
const sum = (names) => [...names].filter((key) => manifest[key].file.endsWith('.js')).reduce((total, key) => total + weight(manifest[key].file), 0);
const spoken = Math.max(...messages.map((key) => sum(reach(key))));

let most = 0;
for (const node of find(/nodes\/\d+\.js$/)) {
  const all = new Set([...always, node].flatMap((key) => [...reach(key)]));
  most = Math.max(most, sum(all) + spoken);
}
const css = readdirSync(new URL('_app/immutable/assets/', client)).filter((name) => name.endsWith('.css'));
const styles = css.reduce((total, name) => total + gzipSync(readFileSync(new URL(`_app/immutable/assets/${name}`, client))).length, 0);
const fonts = readdirSync(new URL('_app/immutable/assets/', client)).filter((name) => name.endsWith('.woff2'));
const fontBytes = fonts.reduce((total, name) => total + statSync(new URL(`_app/immutable/assets/${name}`, client)).size, 0);

console.log(JSON.stringify({ first_load_js_gzip: most, budget: BUDGET, messages_gzip: spoken, all_css_gzip: styles, font_files: fonts.length, font_bytes: fontBytes }));
if (!(always.length >= 4 && messages.length === 2)) throw new Error('the manifest does not look as expected');
if (most > BUDGET) throw new Error(`the heaviest page loads ${most} bytes of JavaScript; the budget is ${BUDGET}`);
