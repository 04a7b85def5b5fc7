// All components on one page: contrast and names by axe, 100,000 rows without lag, odd nicknames, a reveal
// that hides itself, a sheet that keeps what was typed. `--shots FOLDER` keeps pictures.
import { fileURLToPath } from 'node:url';
import { judge, look, start } from './browser.mjs';
import { serve } from './serve.mjs';

const at = process.argv.indexOf('--shots');
const shots = at < 0 ? undefined : process.argv[at + 1];
const port = 7319;
const origin = `http://127.0.0.1:${port}`;
const server = await serve({ folder: fileURLToPath(new URL('../build-gallery', import.meta.url)), port, upstream: 'http://127.0.0.1:9' });
const browser = await start();
const wrong = [];
const check = (holds, what) => {
  if (!holds) wrong.push(what);
  console.error(`${holds ? 'ok   ' : 'WRONG'} ${what}`);
};

for (const way of [{ theme: 'light' }, { theme: 'dark', language: 'en' }, { theme: 'light', width: 390 }]) {
  const window = await look(browser, { origin, ...way });
  const { page } = window;
  await page.goto(origin);
  await page.locator('tbody tr').first().waitFor();
  wrong.push(...(await judge(window, 'gallery', shots)));

  check((await page.locator('tbody tr').count()) < 80, 'of 100,000 rows only those in view are drawn');
  const lag = async (act, until) => {
    const started = Date.now();
    await act();
    await until();
    return Date.now() - started;
  };
  const sorted = await lag(
    () => page.locator('thead button').nth(0).click(),
    () => page.locator('th[aria-sort]').waitFor()
  );
  const filtered = await lag(
    () => page.locator('input[type=search]').fill('99999'),
    () => page.locator('tbody tr').nth(0).getByText('99999').waitFor()
  );
  await page.locator('input[type=search]').fill('');
  const scrolled = await lag(
    () => page.locator('.scroller').evaluate((one) => one.scrollTo(0, 3_000_000)),
    () => page.locator('tbody tr:not(.rest)').first().waitFor()
  );
  check(sorted < 1500 && filtered < 1500 && scrolled < 500, `100,000 rows: sort ${sorted} ms, filter ${filtered} ms, scroll ${scrolled} ms`);

  await page.locator('#masked button').click();
  await page.locator('dialog input').fill('call back, case 42');
  wrong.push(...(await judge(window, 'gallery-reveal', shots)));
  await page.keyboard.press('Enter');
  await page.getByText('010-0000-0000').waitFor();
  await page.getByText('010-0000-0000').waitFor({ state: 'detached', timeout: 6000 });
  check(true, 'a revealed value hides itself');

  await page.getByRole('button', { name: 'Sheet…' }).click();
  await page.locator('dialog textarea').fill('a reason of many words');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('dialog [role=alert]').waitFor();
  check((await page.locator('dialog textarea').inputValue()) === 'a reason of many words', 'a refused sheet keeps what was typed');
  wrong.push(...(await judge(window, 'gallery-sheet', shots)));
  await page.keyboard.press('Escape');
  check((await page.locator('dialog[open]').count()) === 0, 'Escape closes a sheet');
  await window.context.close();
}

await browser.close();
server.close();
for (const line of wrong) console.error(line);
console.log(JSON.stringify({ schema: 1, wrong: wrong.length }));
process.exitCode = wrong.length > 0 ? 1 : 0;
