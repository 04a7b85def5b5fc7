// What an officer looks after on any day: how the house is, what was traced before, what the log says, and the way in by
// the company's identity provider.
import { readFileSync } from 'node:fs';
import { answering, look, signIn } from './browser.mjs';
import { hand } from './day.mjs';

const PURPOSE = '제보받은 파일 확인';

/** Runs it. `given`: browser, origin, house, check, see(window, title). */
export async function desk(given) {
  const officer = hand(await look(given.browser, { origin: given.origin, language: 'ko', theme: 'light' }), 'ko');
  await signIn(officer.page, given.origin, 'minji', given.house.secret('minji'));
  await houseIsTold(given, officer);
  await traced(given, officer);
  await searched(given, officer);
  await verified(given, officer);
  await officer.context.close();
  await worried(given);
  await comesBack(given);
}

/** A new bank has no backup: that needs a person, and the button leads to where it is shown. */
async function houseIsTold({ origin, check, see }, officer) {
  const { page, t } = officer;
  await page.goto(`${origin}/?`);
  const row = page.locator('.waiting li').filter({ hasText: t('today.backup_keys') });
  await row.waitFor();
  const facts = await page.locator('.health').innerText();
  check([t('today.ready'), t('house.disk'), t('house.backups'), t('house.sign_in')].every((word) => facts.includes(word)), 'today tells how the server and its backups are');
  await see(officer, 'desk-today');
  await row.getByRole('link', { name: t('today.look') }).click();
  await page.waitForURL(/settings#house/);
  await page.locator('#house').getByText('main', { exact: true }).waitFor();
  check(true, 'what needs a person leads to the server and its channels');
  await see(officer, 'desk-settings');
  const licences = await page.evaluate(async () => (await fetch('/licences.txt')).text());
  check(licences.includes('SIL OPEN FONT LICENSE Version 1.1'), 'the fonts go with their licence');
}

/** A file is traced with a purpose in Korean, stands in the list, and is opened from there again. */
async function traced({ origin, house, check, see }, officer) {
  const { page, t } = officer;
  await page.goto(`${origin}/trace`);
  await page.locator('input[type=file]').setInputFiles(house.leak);
  await page.getByLabel(t('trace.purpose')).fill(PURPOSE);
  await officer.press('trace.start');
  await page.waitForURL(/trace\/T-\d+/);
  const id = /T-\d+/.exec(page.url())[0];
  await page.goto(`${origin}/trace`);
  const again = page.getByRole('link', { name: id, exact: true });
  await again.waitFor();
  await see(officer, 'desk-traces');
  await again.click();
  await page.waitForURL(new RegExp(`trace/${id}$`));
  await page.locator('.svelte-flow__node').first().waitFor();
  check(true, 'an earlier trace stands in the list and is opened again');
  await page.goto(`${origin}/log`);
  await page.locator('tbody').getByText(PURPOSE).first().waitFor();
  check(true, 'a purpose in Korean stands in the log');
}

/** The server searches the log by who, what, on what and when. */
async function searched({ origin, check, see }, officer) {
  const { page, t } = officer;
  await page.goto(`${origin}/log`);
  const form = page.getByRole('form', { name: t('log.search') });
  const rows = page.locator('tbody tr:not(.rest)');
  await rows.first().waitFor();
  const find = async () => {
    const said = page.waitForResponse((one) => one.url().includes('/api/v1/audit?'));
    await form.getByRole('button', { name: t('log.find'), exact: true }).click();
    const asked = new URL((await said).url()).searchParams;
    await page.waitForFunction(() => !document.querySelector('form [aria-busy=true]'));
    return asked;
  };
  await form.getByLabel(t('log.actor'), { exact: true }).fill('minji');
  await form.getByLabel(t('log.action'), { exact: true }).selectOption('evidence.trace');
  await form.getByLabel(t('log.from'), { exact: true }).fill('2020-01-01');
  const asked = await find();
  check(asked.get('actor') === 'minji' && asked.get('action') === 'evidence.trace' && asked.get('order') === 'newest' && asked.has('from'), 'the search goes to the server');
  await rows.first().waitFor();
  const acts = await rows.locator('td:nth-child(4)').allTextContents();
  check(acts.length > 0 && acts.every((act) => act.includes(t('act.evidence.trace'))), `what was looked for stands there (${acts.length})`);
  await see(officer, 'desk-log');
  const [file] = await Promise.all([page.waitForEvent('download'), officer.press('table.save')]);
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
  check(lines.length === acts.length + 1, 'and is what is saved');
  await form.getByLabel(t('log.until'), { exact: true }).fill('2019-01-01');
  await form.getByRole('button', { name: t('log.find'), exact: true }).click();
  await form.getByText(t('log.dates')).waitFor();
  await officer.press('log.clear');
  await page.waitForFunction((count) => document.querySelectorAll('tbody tr:not(.rest)').length > count, acts.length);
  check(true, 'a search that cannot be is refused, and clearing it brings all back');
}

/** The log says in a sentence whether it can be relied on. */
async function verified({ origin, check }, officer) {
  const { page, t } = officer;
  await page.goto(`${origin}/log`);
  await page.getByText(t('log.yes').split('{')[1].split('}')[1].slice(0, 20)).waitFor();
  check((await page.locator('main').innerText()).includes(t('log.intact')), 'the log is verified and says so');
}

/** A gateway that fails, a full disk and a log that was meddled with are told before anything else. */
async function worried({ browser, origin, house, check, see }) {
  for (const way of [{ language: 'ko', theme: 'dark' }, { language: 'en', theme: 'light', width: 390, height: 844 }]) {
    const window = hand(await look(browser, { origin, ...way }), way.language);
    const { page, t } = window;
    await signIn(page, origin, 'minji', house.secret('minji'));
    const gateway = { name: 'main', sender: '15990000', carries_messages: true, state: 'failing', code: 'notify.connect', used_at: new Date().toISOString(), texts_per_second: 20 };
    const now = new Date().toISOString();
    await answering(window, {
      'GET /api/v1/health': {
        schema: 1,
        state: 'warning',
        version: '0.1.0',
        subjects: 2000,
        disk: { state: 'warning', free_bytes: 123_456_789 },
        clock: { state: 'unknown', now },
        gateways: [gateway],
        backups: { state: 'ok', data_at: now, keys_at: now },
        log: { state: 'warning', rows: 12, verified_at: now, intact: false },
        sign_in: { state: 'warning', passkey: false, sso: false }
      },
      'GET /api/v1/audit/verification': {
        schema: 1,
        intact: false,
        rows: 12,
        checkpoints: 3,
        anchored: true,
        verified_at: now,
        faults: ['row 7 was changed', 'row 9 is gone'],
        places: [{ code: 'chain', row: 7, at: null }, { code: 'rolled_back', row: 9, at: now }]
      }
    });
    await page.goto(`${origin}/?`);
    const first = page.locator('.waiting li').first();
    await first.getByText(t('today.log_broken')).waitFor();
    check((await page.locator('.waiting').getByText('notify.connect').count()) === 1, `a gateway that fails is told (${window.name})`);
    await see(window, 'desk-worried');
    await first.getByRole('link').click();
    await page.getByText(t('log.fault.chain', { row: 7 })).waitFor();
    check((await page.locator('main').innerText()).includes(t('log.no')), `a log that was meddled with is told row by row (${window.name})`);
    await see(window, 'desk-broken');
    await page.goto(`${origin}/settings`);
    await page.locator('#house tbody tr').first().waitFor();
    await see(window, 'desk-house');
    await window.context.close();
  }
}

/** Back from the company's identity provider: the code is gone from the address, and one is where one wanted to be. */
async function comesBack({ browser, origin, house, check }) {
  const window = hand(await look(browser, { origin, language: 'en' }), 'en');
  const { page, t } = window;
  await signIn(page, origin, 'minji', house.secret('minji'));
  const somebody = await page.evaluate(async () => (await fetch('/api/v1/sessions/current')).json());
  await answering(window, {
    'GET /api/v1/sessions/ways': { schema: 1, passkey: true, sso: true },
    'POST /api/v1/sessions/sso/door': { schema: 1, address: `${origin}/sign-in/back?state=a&code=of-use-once` }
  });
  let settle = () => {};
  const asked = new Promise((done) => {
    void page.route(/\/api\/v1\/sessions\/sso$/, async (route) => {
      done(route.request().postDataJSON());
      await new Promise((go) => (settle = go));
      await route.fulfill({ status: 201, contentType: 'application/json', body: JSON.stringify(somebody) });
    });
  });
  await page.goto(`${origin}/sign-in?next=${encodeURIComponent('/log')}`);
  await window.press('signin.sso');
  check((await asked).code === 'of-use-once', 'the code is handed over');
  check(!page.url().includes('of-use-once'), 'and stands in the address no more while one waits');
  settle();
  await page.waitForURL((url) => url.pathname === '/log');
  await page.getByRole('heading', { name: t('rail.log') }).waitFor();
  check(true, 'one is where one wanted to be');
  await window.context.close();
}
