// Moves the one inline script of the built page into a file, so that the server can send a content
// security policy of `script-src 'self'`, with neither hashes nor exceptions. Then packs what is text,
// so that the server packs nothing while somebody waits.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const folder = new URL(`../${process.argv[2] ?? 'build'}/`, import.meta.url);
const page = new URL('index.html', folder);
const html = readFileSync(page, 'utf8');

const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
if (scripts.length !== 1) throw new Error(`expected one inline script, found ${scripts.length}`);
const [whole, body] = scripts[0];
const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
const name = `_app/immutable/entry/boot.${hash}.js`;
writeFileSync(new URL(name, folder), `${body.replaceAll(/^\t+/gm, '').trim()}\n`);

const finished = html.replace(whole, () => `<script src="/${name}"></script>`);
if (/<script>|<style|\son\w+=|style="/.test(finished)) throw new Error('something inline is left');
writeFileSync(page, finished);

// The licence of the fonts asks to go along with them.
const font = new URL('../node_modules/@fontsource-variable/noto-sans-kr/LICENSE', import.meta.url);
const licence = readFileSync(font, 'utf8').trim();
if (!licence.includes('SIL OPEN FONT LICENSE Version 1.1')) throw new Error('the licence of the fonts is not the one that is known');
writeFileSync(new URL('licences.txt', folder), `Noto Sans KR, in the files of the console\n\n${licence}\n`);

const texts = readdirSync(fileURLToPath(folder), { recursive: true }).filter((file) => /\.(html|js|css|json|svg|txt)$/.test(file));
for (const file of texts) {
  const whole = readFileSync(new URL(file, folder));
  const packed = gzipSync(whole, { level: 9 });
  if (packed.length < whole.length) writeFileSync(new URL(`${file}.gz`, folder), packed);
}
