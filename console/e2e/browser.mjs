// A real Chromium, and what every look at a page checks: no violation of WCAG 2.2 AA that axe knows, no
// violation of the policy, no error, no sideways scrolling, no request to anybody else.
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** How long nothing is asked before a page counts as there, and the longest wait for that, in milliseconds. */
const [STILL_MS, STILL_MS_MAX] = [350, 10_000];

/** Starts the browser of the system. */
export function start() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** A window with somebody's preferences. */
export async function look(browser, { origin, language = 'ko', theme = 'light', width = 1440, height = 900, density = 'comfortable' }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: language === 'ko' ? 'ko-KR' : 'en-GB', timezoneId: 'Asia/Seoul' });
  await context.addInitScript(
    (kept) => localStorage.setItem('doldam.preferences', kept),
    JSON.stringify({ language, theme: 'system', density })
  );
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (line) => {
    // A request that failed on purpose and an address without a page are said in the console too.
    if (line.type() === 'error' && !/^Failed to load resource|Not found: /.test(line.text())) troubles.push(`console: ${line.text()}`);
  });
  page.on('request', (asked) => {
    if (!asked.url().startsWith(origin) && !asked.url().startsWith('blob:')) troubles.push(`foreign request: ${asked.url()}`);
  });
  const asked = new Set();
  page.on('request', (one) => one.resourceType() === 'eventsource' || asked.add(one));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (one) => asked.delete(one));
  page.on('framenavigated', (frame) => frame === page.mainFrame() && asked.clear());
  return { context, page, troubles, asked, name: [language, theme, width].join('-') };
}

/** Signs in on the page that is open or at the first one. */
export async function signIn(page, origin, name, secret) {
  await page.goto(`${origin}/sign-in`);
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[autocomplete=current-password]').fill(secret);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Answers of fixtures in the server's stead, in this window only. */
export async function answering(window, answers) {
  await window.page.route(/\/api\//, (route) => {
    const body = answers[`${route.request().method()} ${new URL(route.request().url()).pathname}`];
    return body ? route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) }) : route.fallback();
  });
}

/** Waits until nothing has been asked for a while; a stream of events stays open for ever. */
async function stillness({ page, asked }) {
  await page.waitForLoadState('load');
  // Every page has a heading; until it is there, nothing is.
  await page.locator('h1').first().waitFor({ state: 'attached' });
  const end = Date.now() + STILL_MS_MAX;
  for (let since = Date.now(); Date.now() - since < STILL_MS && Date.now() < end; ) {
    if (asked.size > 0) since = Date.now();
    await page.waitForTimeout(50);
  }
}

/** Looks at what is on the page: what is wrong, as lines. Takes a picture where a folder is given. */
export async function judge(window, title, shots) {
  const { page, troubles, name } = window;
  await stillness(window);
  const wrong = troubles.splice(0).map((line) => `${title} (${name}): ${line}`);
  // Evaluated by the debugger, so the page's own policy stays as it is.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  for (const violation of violations) {
    wrong.push(`${title} (${name}): ${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  }
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 0) wrong.push(`${title} (${name}): ${sideways} px too wide`);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, summary, [role=tab]')]
      .filter((one) => one.checkVisibility() && !one.closest('label, .drop'))
      .map((one) => ({ box: one.getBoundingClientRect(), text: one.outerHTML.slice(0, 100) }))
      .filter(({ box }) => box.height > 1 && (box.height < 24 || box.width < 24))
      .map(({ text }) => text)
  );
  for (const text of small) wrong.push(`${title} (${name}): smaller than 24 px: ${text}`);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${title}-${name}.png`), fullPage: true });
  }
  return wrong;
}
