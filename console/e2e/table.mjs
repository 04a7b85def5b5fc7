// A hundred thousand rows in a page of the console: few are drawn, and sorting, searching, walking by the keyboard,
// choosing columns and saving do not wait. What is asked of the page are counts; the times are told beside them.
import { readFileSync } from 'node:fs';
import { answering, look, signIn } from './browser.mjs';
import { words } from './words.mjs';

const ROWS = 100_000;
/** Most rows that may stand in the page: what fits a window and what is spare on both sides. */
const DRAWN_MAX = 80;
/** Most rows that one press of a key may draw anew. */
const DRAWN_ANEW_MAX = 60;
const FORMULAS = ['=1+1', '+82 10', '-7', '@SUM(A1)', '\t=2', '＝3'];

/** Runs it. `given` is as for the day, with the name and secret of an officer. */
export async function table(given) {
  await outsiders(given);
  await log(given);
  await masked(given);
}

const named = (at) => FORMULAS[at] ?? `수탁자 ${(at * 7919) % 100_003}`;
const processor = (at) => ({ id: `P-${at + 1}`, name: named(at), relation: at % 2 ? 'provision' : 'outsourcing', created_at: new Date(0).toISOString() });

/** How long something takes in a page, in milliseconds. */
async function lag(act, until) {
  const began = Date.now();
  await act();
  await until();
  return Date.now() - began;
}

async function outsiders({ browser, origin, name, secret, check, see }) {
  const window = await look(browser, { origin, language: 'en' });
  const { page } = window;
  const t = words('en');
  await signIn(page, origin, name, secret);
  await answering(window, { 'GET /api/v1/processors': { schema: 1, items: Array.from({ length: ROWS }, (_, at) => processor(at)) } });
  await page.goto(`${origin}/outsiders`);
  const rows = page.locator('tbody tr:not(.rest)');
  await rows.first().waitFor();
  const drawn = async (where) => {
    const count = await rows.count();
    check(count > 5 && count < DRAWN_MAX, `of ${ROWS} rows ${count} are drawn ${where}`);
  };
  await drawn('at the top');
  const scrolled = await lag(
    () => page.locator('.scroller').evaluate((one) => one.scrollTo(0, one.scrollHeight / 2)),
    () => page.locator(`[aria-rowindex="${ROWS / 2}"]`).waitFor()
  );
  await drawn('in the middle');
  await page.locator('.scroller').evaluate((one) => one.scrollTo(0, one.scrollHeight));
  await page.locator(`[aria-rowindex="${ROWS + 1}"]`).waitFor();
  await drawn('at the end');
  await page.locator('.scroller').evaluate((one) => one.scrollTo(0, 0));

  const head = page.locator('thead').getByRole('button', { name: t('outsider.name'), exact: true });
  const up = await lag(() => head.click(), () => page.locator('th[aria-sort=ascending]').waitFor());
  const first = await rows.first().textContent();
  const down = await lag(() => head.click(), () => page.locator('th[aria-sort=descending]').waitFor());
  check(first !== (await rows.first().textContent()) && (await rows.first().textContent()).includes('100002'), 'a click sorts, a second one the other way');

  await page.keyboard.press('/');
  check(await page.evaluate(() => document.activeElement?.matches('input[type=search]')), 'a slash leads to the search');
  const found = await lag(() => page.keyboard.type('99999'), () => page.locator('.count').getByText(t('table.found', { found: '1', count: '100,000' }).split('1')[0]).first().waitFor());
  await rows.getByText('99999').first().waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 10);
  check(true, `no wait in ${ROWS} rows: scroll ${scrolled} ms, sort ${up} and ${down} ms, search ${found} ms`);

  await walked(page, check);
  await see(window, 'table-walked');
  await columns(page, check, t);
  await saved(page, check, t);
  await page.locator('tr.here').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/outsiders\/P-\d+/);
  check(true, 'Enter opens the row in focus');
  window.troubles.splice(0);
  await window.context.close();
}

/** j and k move the focus; what is drawn anew stays few, wherever one is. */
async function walked(page, check) {
  await page.keyboard.press('Enter');
  await page.evaluate(() => {
    globalThis.drawnAnew = 0;
    new MutationObserver((changes) => {
      for (const one of changes) globalThis.drawnAnew += [...one.addedNodes].filter((node) => node.nodeName === 'TR').length;
    }).observe(document.querySelector('tbody'), { childList: true });
  });
  const began = Date.now();
  for (let press = 0; press < 40; press += 1) await page.keyboard.press('j');
  for (let press = 0; press < 10; press += 1) await page.keyboard.press('k');
  const ms = Date.now() - began;
  const anew = await page.evaluate(() => globalThis.drawnAnew);
  const at = Number(await page.locator('tr.here').getAttribute('aria-rowindex'));
  check(at === 32 && anew < DRAWN_ANEW_MAX * 2, `j and k walk (row ${at}, ${anew} rows drawn anew by 50 keys in ${ms} ms)`);
  await page.keyboard.press('End');
  await page.waitForFunction((last) => document.activeElement?.getAttribute('aria-rowindex') === String(last), ROWS + 1);
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '2');
  const { top, under } = await page.evaluate(() => ({
    top: document.activeElement.getBoundingClientRect().top,
    under: document.querySelector('thead th').getBoundingClientRect().bottom
  }));
  check(top >= under - 1, `the row in focus is not under the head of the table (${Math.round(top)} px, head ends at ${Math.round(under)} px)`);
}

async function columns(page, check, t) {
  const heads = page.locator('thead th');
  const before = await heads.count();
  await page.getByText(t('table.columns'), { exact: true }).first().click();
  await page.getByRole('checkbox', { name: t('outsider.relation') }).uncheck();
  check((await heads.count()) === before - 1, 'a column is put away');
  await page.getByText(t('table.columns'), { exact: true }).first().click();
}

async function saved(page, check, t) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('table.save') }).click()]);
  const text = readFileSync(await file.path(), 'utf8');
  const lines = text.split('\r\n');
  check(lines.length === ROWS + 2 && text.startsWith('\uFEFF'), `the file holds every row (${lines.length - 2})`);
  check(!lines[0].includes(t('outsider.relation')), 'a column that is put away is not in the file');
  const cells = lines.slice(1, -1).map((line) => line.split(',')[1] ?? '');
  const armed = cells.filter((cell) => /^"?[\s]*[=+\-@＝]/.test(cell));
  check(armed.length === 0 && cells.filter((cell) => /^"?'/.test(cell)).length === FORMULAS.length, `no cell of the file is a formula (${armed.length})`);
}

/** The log has the longest rows, with a time in each. */
async function log({ browser, origin, name, secret, check }) {
  const window = await look(browser, { origin, language: 'ko', width: 1200 });
  const { page } = window;
  await signIn(page, origin, name, secret);
  const entry = (at) => ({ seq: at + 1, at: new Date(1_790_000_000_000 + at * 1000).toISOString(), actor: ['minji', 'bora', 'hanbit'][at % 3], action: ['session.begin', 'subject.reveal', 'audit.read'][at % 3], object: `P-${at % 97}`, purpose: '고객 문의 확인', subjects: at % 5, origin: '127.0.0.1', hash: 'ab'.repeat(32) });
  const all = Array.from({ length: ROWS }, (_, at) => entry(at));
  await page.route(/\/api\/v1\/audit\?/, (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const body = pieceOf(all, asked);
    return route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });
  });
  await page.goto(`${origin}/log`);
  const rows = page.locator('tbody tr:not(.rest)');
  await rows.first().waitFor();
  await page.waitForFunction(() => !/^1,000\b/.test(document.querySelector('.count')?.textContent ?? ''));
  const search = page.locator('input[type=search]');
  const first = await lag(() => search.fill('P-42 bora'), () => rows.getByText('P-42').first().waitFor());
  const second = await lag(() => search.fill('P-43 minji'), () => rows.getByText('P-43').first().waitFor());
  check((await rows.count()) < DRAWN_MAX, `the log of ${ROWS} rows is searched: ${first} ms, then ${second} ms`);
  window.troubles.splice(0);
  await window.context.close();
}

/** A page of the log as the server gives it, whichever way it is asked for. */
function pieceOf(all, asked) {
  const after = Number(asked.get('after') ?? 0);
  const before = asked.get('before') ? Number(asked.get('before')) : undefined;
  const items = before === undefined ? all.slice(after) : all.filter((one) => one.seq < before).slice(-1000).toReversed();
  return { schema: 1, items, next: null };
}

/** Somebody who may not see people sees locks, and saves locks. */
async function masked({ browser, origin, house, check }) {
  const window = await look(browser, { origin, language: 'en' });
  const { page } = window;
  const t = words('en');
  await signIn(page, origin, 'bora', house.secret('bora'));
  const person = (at) => ({ id: `person${String(at).padStart(12, '0')}`, grade: 'certain', trace: 'T-1', known_at: new Date(0).toISOString(), told: [] });
  const { badDay } = await import('./fixtures.mjs');
  await answering(window, { ...badDay(), 'GET /api/v1/incidents/L-1/people': { schema: 1, items: Array.from({ length: 1000 }, (_, at) => person(at)), next: null } });
  await page.goto(`${origin}/incidents/L-1?tab=people`);
  await page.locator('tbody tr').first().waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('table.save') }).last().click()]);
  const text = readFileSync(await file.path(), 'utf8');
  check(!text.includes('person00') && text.includes('•••••'), 'what is masked in a table is masked in its file');
  window.troubles.splice(0);
  await window.context.close();
}
