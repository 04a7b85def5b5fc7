// The console in a real browser against a doldam of its own: a bad day from end to end, every page in both languages
// and themes and at phone width, the keyboard, and the days on which things fail. Usage:
//   DOLDAM_BINARY=../target/release/doldam npm run e2e -- [--shots FOLDER] [--only NAME] [--built FOLDER]
// The last line says how many checks held; the exit code is 0 when all did.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aftermath } from './aftermath.mjs';
import { answering, judge, look, signIn, start } from './browser.mjs';
import { day } from './day.mjs';
import { desk } from './desk.mjs';
import { badDay } from './fixtures.mjs';
import { fraud } from './fraud.mjs';
import { growth } from './growth.mjs';
import { house as build } from './house.mjs';
import { outsiders } from './outsiders.mjs';
import { passkey } from './passkey.mjs';
import { serve } from './serve.mjs';
import { table } from './table.mjs';
import { trouble } from './trouble.mjs';

const given = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = resolve(process.env.DOLDAM_BINARY ?? here('../../target/release/doldam'));
const shots = given('shots') ?? process.env.DOLDAM_SHOTS;

let passed = 0;
const failed = [];
const check = (holds, what) => {
  if (holds) passed += 1;
  else failed.push(what);
  console.error(`${holds ? 'ok   ' : 'WRONG'} ${what}`);
};
/** Looks at what stands in a window: one check a page. */
const see = async (window, title) => {
  const wrong = await judge(window, title, shots);
  if (wrong.length === 0) passed += 1;
  for (const line of wrong) check(false, line);
};

const house = await build({ binary });
const name = 'minji';
const secret = house.secret(name);
let fault = () => undefined;
const server = await serve({ folder: resolve(given('built') ?? here('../build')), port: 0, upstream: house.upstream, fault: (asked, path) => fault(asked, path) });
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await start();
const WAYS = [
  { language: 'ko', theme: 'light' },
  { language: 'en', theme: 'dark' },
  { language: 'ko', theme: 'dark', width: 390, height: 844 },
  { language: 'en', theme: 'light', width: 390, height: 844 },
  // 200 % zoom of a small laptop.
  { language: 'ko', theme: 'light', width: 640, height: 400, density: 'compact' }
];
const TABS = ['timeline', 'people', 'origin', 'notices', 'postings', 'reports', 'evidence'];
const PAGES = ['/', '/trace', '/trace/T-1', '/incidents', ...TABS.map((tab) => `/incidents/L-1?tab=${tab}`), '/subjects', '/outsiders', '/outsiders/record', '/outsiders/P-1', ...['deliveries', 'keys', 'domains', 'templates', 'cuts'].map((tab) => `/outsiders/P-1?tab=${tab}`), '/approvals', '/fraud', '/fraud/decisions', '/fraud/rules', '/fraud/lists', '/fraud/lists/leaked', '/fraud/features', '/drill', '/log', '/settings', '/nowhere'];
/** Pages whose hardest hours are not had by one quiet day: answered by fixtures. */
const BAD = ['/', '/incidents/L-1?tab=notices', '/incidents/L-1?tab=reports'];
const titleOf = (path) => (path === '/' ? 'today' : path.slice(1).replaceAll(/[/?=&]/g, '_'));

/** The row in focus has its panel in view, at the foot of a narrow window too, and tells no words of the machine. */
async function lineInFocus(window) {
  const { page } = window;
  await page.goto(`${origin}/incidents/L-1?tab=timeline`);
  await page.locator('tbody tr').nth(1).click();
  const panel = page.locator('aside');
  await panel.waitFor();
  const [box, { height }] = [await panel.boundingBox(), page.viewportSize()];
  check(box.y >= -1 && box.y + box.height <= height + 1, `the panel of a row is in view (${window.name})`);
  const words = await page.locator('main').innerText();
  check(!/\d{4}-\d\d-\d\dT|posting_proof|put_up|S-\d/.test(words), `the timeline is told in words (${window.name})`);
  await see(window, 'incident-line');
  await page.goto(`${origin}/incidents`);
  await page.locator('tbody tr').last().click();
  await panel.getByText('T-1').waitFor();
  await see(window, 'incidents-side');
}

async function everyPageIn(way) {
  const window = await look(browser, { origin, ...way });
  await window.page.goto(`${origin}/outsiders`);
  await window.page.waitForURL(/sign-in\?next/);
  await see(window, 'sign-in');
  await signIn(window.page, origin, name, secret);
  for (const path of PAGES) {
    await window.page.goto(origin + path);
    await see(window, titleOf(path));
  }
  await lineInFocus(window);
  await answering(window, badDay());
  for (const path of BAD) {
    await window.page.goto(origin + path);
    await see(window, `bad-${titleOf(path)}`);
  }
  const lang = await window.page.evaluate(() => document.documentElement.lang);
  check(lang === way.language, `the page says that it speaks ${way.language} (${window.name})`);
  await window.context.close();
}

async function everyPage() {
  for (let at = 0; at < WAYS.length; at += 2) await Promise.all(WAYS.slice(at, at + 2).map(everyPageIn));
}

/** Names of ten thousand characters, from right to left, and of pictures stay in their place. */
async function oddNames() {
  const odd = ['가'.repeat(10_000), 'مكتب الحماية (שלום)', '👩‍👩‍👧‍👦🪨🇰🇷 e\u0301', '<b>none</b> & "quotes"'];
  const answers = { 'GET /api/v1/processors': { schema: 1, items: odd.map((word, at) => ({ id: `P-${at + 1}`, name: word, relation: 'processor', created_at: new Date().toISOString() })) } };
  for (const way of [{ language: 'ko', theme: 'light' }, { language: 'en', theme: 'dark', width: 390, height: 844 }]) {
    const window = await look(browser, { origin, ...way });
    await signIn(window.page, origin, name, secret);
    await answering(window, answers);
    await window.page.goto(`${origin}/outsiders`);
    await window.page.locator('tbody tr').nth(3).waitFor();
    check((await window.page.locator('tbody b').count()) === 0, `a name is never markup (${window.name})`);
    await see(window, 'odd-names');
    await window.context.close();
  }
}

/** What stood on the pages when something went wrong. */
async function lastSight(part) {
  if (!shots) return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [at, page] of pages.entries()) await page.screenshot({ path: `${shots}/failed-${part}-${at}.png` }).catch(() => {});
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** A refusal says what happened, and what was typed is still there; a lost session leads back. */
async function badMoments() {
  const window = await look(browser, { origin, language: 'en' });
  const { page } = window;
  await page.goto(`${origin}/outsiders/P-1?tab=keys`);
  await page.waitForURL(/sign-in\?next/);
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[autocomplete=current-password]').fill(secret);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/outsiders/P-1' && url.search === '?tab=keys');
  check(true, 'signing in leads back to where one was');

  await page.getByRole('button', { name: 'Cut access…' }).click();
  const reason = page.getByLabel('Reason');
  await reason.fill('  a leak of November, case L-1 ');
  const keys = new Set();
  let tries = 0;
  fault = (asked, path) => {
    if (!path.endsWith('/cut')) return undefined;
    tries += 1;
    keys.add(asked.headers['idempotency-key']);
    return tries % 2 ? 'gone' : { status: 503, headers: { 'retry-after': '0' }, body: { code: 'server.busy', detail: 'busy' } };
  };
  await page.getByRole('button', { name: 'Cut access', exact: true }).click();
  await page.getByText('The server is busy.').waitFor();
  // The browser itself may repeat what broke off, so there may be more tries than ours.
  check(tries >= 4 && keys.size === 1, `a busy server is asked again with the same key (${tries} tries, ${keys.size} key)`);
  check((await reason.inputValue()).includes('case L-1'), 'what was typed is still there after a refusal');
  await see(window, 'refused');

  fault = () => ({ status: 401, body: { code: 'server.unauthorised', detail: 'sign in' } });
  await page.getByRole('button', { name: 'Cut access', exact: true }).click();
  await page.waitForURL(/sign-in\?next.*lost=1/);
  await see(window, 'lost');
  fault = () => undefined;
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[autocomplete=current-password]').fill(secret);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/outsiders/P-1');
  await page.getByRole('button', { name: 'Cut access…' }).click();
  check((await page.getByLabel('Reason').inputValue()).includes('case L-1'), 'what was typed outlives a lost session');
  await page.keyboard.press('Escape');

  fault = () => 'gone';
  await page.goto(`${origin}/log`);
  await page.getByText('The server could not be reached.').first().waitFor();
  await see(window, 'gone');
  fault = () => undefined;
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.getByRole('heading', { name: 'Log' }).waitFor();
  check(true, 'trying again brings the page back');
  window.troubles.splice(0);
  await window.context.close();
}

async function keyboard() {
  const window = await look(browser, { origin, language: 'en' });
  const { page } = window;
  await signIn(page, origin, name, secret);
  await page.goto(`${origin}/log`);
  await page.locator('tbody tr').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('sign');
  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  check((await page.locator('tr.here').count()) === 1, 'the table is walked by the keyboard');
  check((await page.locator('aside').count()) === 1, 'the row in focus has its side panel');
  await see(window, 'log-side');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  check(file.suggestedFilename() === 'doldam-log.csv', 'the table is saved as CSV');
  await page.goto(origin);
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  await page.keyboard.press('Tab');
  check((await page.evaluate(() => document.activeElement?.getAttribute('href'))) === '#content', 'the first stop of the keyboard skips the rail');
  await window.context.close();
}

const PARTS = { day: () => day({ browser, origin, house, check, see }), desk: () => desk({ browser, origin, house, check, see }), aftermath: () => aftermath({ browser, origin, house, check, see }), everyPage, badMoments, keyboard, oddNames, table: () => table({ browser, origin, house, check, see, name, secret }), growth: () => growth({ browser, binary, check }), trouble: () => trouble({ browser, origin, house, check, see, name, secret }), fraud: () => fraud({ browser, binary, folder: resolve(given('built') ?? here('../build')), check, see }), outsiders: () => outsiders({ browser, binary, folder: here('../build'), check, see }), passkey: () => passkey({ browser, origin, house, check, see, name, secret }) };
const only = given('only');
const began = Date.now();
for (const [part, run] of Object.entries(PARTS)) {
  if (only && part !== only) continue;
  try {
    await run();
  } catch (thrown) {
    check(false, `${part}: ${String(thrown.message).split('\n').slice(0, 6).join(' | ')}`);
    await lastSight(part);
  }
  fault = () => undefined;
}
await browser.close();
server.close();
await house.close();
for (const line of failed) console.error(`WRONG ${line}`);
console.error(`${Math.round((Date.now() - began) / 1000)} s`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
