// How much a page asks for and how long it takes until one can use it, in banks of different sizes. Usable is when the
// page's own mark stands there and nothing says that it is still being fetched; the page itself looks at every frame.
import { readFileSync } from 'node:fs';
import { look, signIn } from './browser.mjs';
import { FACTS, hand } from './day.mjs';

/** Every page, with what must stand there before it counts as usable. */
export const MARKS = {
  '/': '.number',
  '/trace': 'input[type=file]',
  '/trace/T-1': '.number, .svelte-flow__node',
  '/incidents': '.number, tbody tr',
  '/incidents/L-1': '.number, [role=tab]',
  '/incidents/L-1?tab=people': '.number, tbody tr',
  '/incidents/L-1?tab=origin': '.number, .svelte-flow__node',
  '/incidents/L-1?tab=reports': '.number, tbody tr',
  '/incidents/L-1?tab=evidence': '.number, form',
  '/subjects': '.number, form',
  '/subjects/somebody': 'h1, dl.values',
  '/outsiders': '.number, tbody tr',
  '/outsiders/P-1': 'h1, tbody tr',
  '/outsiders/P-1?tab=domains': 'h1, tbody tr',
  '/approvals': '.number',
  '/drill': 'form',
  '/log': '.number, tbody tr',
  '/settings': 'h1, table'
};
/** Longest that a page may take before it counts as never usable, in milliseconds. */
const NEVER_MS = 60_000;

/** Signs an officer in and makes what pages show: a traced file, an incident of its people, its facts and clocks. */
export async function furnish({ browser, origin, house, language = 'en' }) {
  const officer = hand(await look(browser, { origin, language }), language);
  const { page, t } = officer;
  page.setDefaultTimeout(NEVER_MS * 5);
  await signIn(page, origin, 'minji', house.secret('minji'));
  await page.goto(`${origin}/trace`);
  await page.locator('input[type=file]').setInputFiles(house.leak);
  await officer.press('trace.start');
  await page.waitForURL(/trace\/T-\d+/);
  await page.locator('.svelte-flow__node').first().waitFor();
  await page.getByRole('link', { name: t('trace.incident') }).click();
  await officer.open().getByLabel(t('incident.title')).fill('A list of members in a repository');
  await officer.pressInside('incident.open');
  await page.waitForURL(/incidents\/L-\d+/);
  const people = Number((await page.locator('.number').first().textContent()).replaceAll(/\D/g, ''));
  const now = new Date();
  const facts = Object.fromEntries(FACTS.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  Object.assign(facts, { certainty: 'confirmed', subjects: String(people), occurred_at: `${new Date(now - 30 * 86_400_000).toISOString()}..${now.toISOString()}` });
  const id = /L-\d+/.exec(page.url())[0];
  for (const [path, body] of [['facts', { facts }], ['duties/start', {}]]) {
    const told = await officer.post(`/api/v1/incidents/${id}/${path}`, body);
    if (told.status !== 200) throw new Error(`${path}: ${told.status} ${told.body?.detail}`);
  }
  const ci = readFileSync(house.leak, 'utf8').split(/\r?\n/)[1].split(',').map((cell) => cell.replaceAll('"', '')).find((cell) => /^[A-Za-z0-9+/]{86}==$/.test(cell));
  const found = await officer.post('/api/v1/subjects/find', { kind: 'ci', value: ci, purpose: 'measuring the pages' });
  await page.addInitScript(watch, { marks: MARKS, busy: t('busy') });
  return { ...officer, people, origin, somebody: encodeURIComponent(found.body.subject.id) };
}

/** In the page, before anything of it: looks at every frame whether the mark of this address stands there. */
function watch({ marks, busy }) {
  globalThis.usableMs = undefined;
  const isThere = () => {
    const mark = marks[location.pathname.replace(/^\/subjects\/.+/, '/subjects/somebody') + location.search];
    const main = document.querySelector('main');
    if (!mark || !main) return false;
    const isBusy = [...main.querySelectorAll('[role=status]')].some((one) => one.textContent.trim() === busy && one.checkVisibility());
    return !isBusy && mark.split(', ').every((part) => main.querySelector(part)?.checkVisibility() || (part.startsWith('input') && main.querySelector(part)));
  };
  const step = () => {
    if (isThere()) globalThis.usableMs = performance.now();
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

/** Goes to an address anew: milliseconds until it is usable, and how many answers of how many bytes it asked for. */
export async function visit({ page, origin, somebody }, path) {
  await page.goto('about:blank');
  await page.goto(origin + path.replace('somebody', somebody), { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.usableMs !== undefined, undefined, { timeout: NEVER_MS });
  await page.waitForTimeout(150);
  return page.evaluate(() => {
    const asked = performance.getEntriesByType('resource').filter((one) => new URL(one.name).pathname.startsWith('/api/'));
    return { ms: Math.round(globalThis.usableMs), answers: asked.length, bytes: asked.reduce((sum, one) => sum + one.decodedBodySize, 0) };
  });
}
