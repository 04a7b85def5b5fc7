// The bad day from end to end, by hand, in a browser: the drill, a leaked file, an incident, facts, a cut that ends
// a download, a notice that two others agree to, texts that arrive, one in doubt, and the log of it all.
// The officer speaks Korean in the light; the approvers speak English and Korean in the dark.
import { readFileSync } from 'node:fs';
import { look, signIn } from './browser.mjs';
import { words } from './words.mjs';

export const FACTS = `subject_to(KR)=yes role(controller)=yes role(financial_company)=yes role(ci_user)=yes role(processor)=no
  role(recipient)=no role(virtual_asset_exchange)=no role(us_registrant)=no info_service_provider=yes public_body=no
  isms_p_mandatory=no held_subjects=>=1000000 ci_received=>=1000000 turnover_krw=>=1000000000000
  kinds_held=ci,nickname,name,phone nis2_entity=no dora_entity=no nydfs_entity=no us_bank=no us_bank_service=no
  ftc_safeguards_entity=no hipaa_entity=no event=leak path=processor_copy relation=outsourcing
  leaked_at_processor=yes kinds=ci,nickname residents_of(*)=0 contact_unknown=no was_possible=no
  possible_notice_sent=no intrusion=no encrypted=no takedown_requested=no no_longer_needed=no subprocessing=no
  new_fact_confirmed=no channel=sms message_is_advert=no local_time=14:00`;

/** A window and how to press what stands in it. */
export function hand(window, language) {
  const { page } = window;
  const t = words(language);
  const open = () => page.locator('dialog[open]');
  return {
    ...window,
    t,
    open,
    press: (key, given) => page.getByRole('button', { name: t(key, given), exact: true }).click(),
    pressInside: (key, given) => open().getByRole('button', { name: t(key, given), exact: true }).click(),
    tab: (key) => page.getByRole('tab', { name: new RegExp(`^${t(key)}`) }).click(),
    fill: (key, text) => page.getByLabel(t(key), { exact: false }).first().fill(text),
    /** Asks the API as the page would: with its session and a key. */
    post: (path, body) =>
      page.evaluate(
        async ([path, body]) => {
          const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
          const said = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
          return { status: said.status, body: await said.json().catch(() => undefined) };
        },
        [path, body]
      )
  };
}

/** Runs the day. `given`: browser, origin, house, check, see(window, title). Answers the incident's id. */
export async function day(given) {
  const officer = hand(await look(given.browser, { origin: given.origin, language: 'ko', theme: 'light' }), 'ko');
  await signIn(officer.page, given.origin, 'minji', given.house.secret('minji'));
  const approver = await invited(given, officer);
  await drill(given, officer);
  const incident = await leak(given, officer);
  await facts(given, officer, incident);
  await cut(given, officer, incident);
  await notice(given, officer, approver, incident);
  await posted(given, officer, incident);
  await person(given, officer);
  await logged(given, officer);
  await officer.context.close();
  return incident;
}

/** A third person comes in by a one-time password, because the author of a notice may not agree to it. */
export async function invited({ browser, origin, check, see }, officer) {
  const { page, t, open } = officer;
  await page.goto(`${origin}/settings`);
  await officer.press('staff.new');
  await open().getByLabel(t('staff.name')).fill('haneul');
  await open().getByLabel(t('staff.role'), { exact: true }).selectOption('approver');
  await see(officer, 'day-invite');
  await officer.pressInside('staff.invite');
  const password = await open().getByLabel(t('staff.password')).inputValue();
  await see(officer, 'day-invited');
  await officer.pressInside('staff.given');

  const third = hand(await look(browser, { origin, language: 'ko', theme: 'dark' }), 'ko');
  await third.page.goto(`${origin}/sign-in`);
  await third.page.locator('input[autocomplete=username]').fill('haneul');
  await third.page.locator('input[autocomplete=current-password]').fill(password);
  await third.page.keyboard.press('Enter');
  const fresh = third.page.locator('input[autocomplete=new-password]');
  await fresh.nth(0).fill('short');
  await fresh.nth(1).fill('short');
  await third.page.keyboard.press('Enter');
  await third.page.getByText('15자 이상이어야 합니다.').waitFor();
  await see(third, 'day-passphrase');
  await fresh.nth(0).fill('stone wall of dry words');
  await fresh.nth(1).fill('stone wall of dry words');
  await third.page.keyboard.press('Enter');
  await third.page.waitForURL((url) => url.pathname === '/');
  await third.page.getByRole('heading', { name: third.t('rail.today') }).waitFor();
  check((await third.page.getByRole('link', { name: third.t('rail.log'), exact: true }).count()) === 0, 'somebody new chooses a passphrase and sees only what the role allows');
  return third;
}

async function drill({ origin, check, see }, officer) {
  const { page, t } = officer;
  await page.goto(`${origin}/drill`);
  await officer.fill('drill.subjects', '200');
  await officer.press('drill.run');
  await page.getByText(t('drill.told_once')).first().waitFor({ timeout: 60_000 });
  check(true, 'the drill runs from the browser, and everybody is told once');
  await see(officer, 'day-drill');
  await officer.press('drill.run');
  await page.locator('thead').getByText('#1').or(page.locator('.then').first()).first().waitFor({ timeout: 60_000 });
  check((await page.locator('rect.then').count()) > 5, 'a drill is compared with the one before');
}

async function leak({ origin, house, check, see }, officer) {
  const { page, t } = officer;
  await page.goto(`${origin}/trace`);
  await page.locator('input[type=file]').setInputFiles(house.leak);
  await officer.press('trace.start');
  await page.waitForURL(/trace\/T-\d+/, { timeout: 30_000 });
  await page.locator('.svelte-flow__node').first().waitFor();
  const people = Number((await page.locator('.number').first().textContent()).replaceAll(/\D/g, ''));
  check(people > 100, `a leaked file says whose it is (${people} people)`);
  check((await page.getByText(t('trace.ours')).count()) > 0, 'our own copy is among the suspects');
  await see(officer, 'day-traced');
  await page.getByRole('link', { name: t('trace.incident') }).click();
  await officer.open().getByLabel(t('incident.title')).fill('개발사 저장소에서 발견된 회원 명단');
  await see(officer, 'day-open-incident');
  await officer.pressInside('incident.open');
  await page.waitForURL(/incidents\/L-\d+/);
  const incident = /L-\d+/.exec(page.url())[0];
  await page.locator('.number').getByText(people.toLocaleString('ko-KR')).waitFor();
  check(true, 'the incident has the people of the signed list');
  return incident;
}

async function facts({ origin, check, see }, officer, incident) {
  const { page, t } = officer;
  await page.goto(`${origin}/incidents/${incident}?tab=evidence`);
  await officer.page.getByLabel(t('fact.what')).selectOption('certainty');
  await officer.page.getByLabel(t('fact.value')).selectOption('confirmed');
  await officer.press('fact.put');
  await page.locator('dl.facts dd').first().waitFor();
  const people = (await page.locator('.number').first().textContent()).replaceAll(/\D/g, '');
  const now = new Date();
  const answers = Object.fromEntries(FACTS.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  answers.subjects = people;
  answers.occurred_at = `${new Date(now - 30 * 86_400_000).toISOString()}..${now.toISOString()}`;
  const told = await officer.post(`/api/v1/incidents/${incident}/facts`, { facts: answers });
  check(told.status === 200, `what is known is on record (${told.status} ${told.body?.detail ?? ''})`);
  await page.goto(`${origin}/incidents/${incident}?tab=reports`);
  await officer.press('duty.start');
  await page.locator('main svg').first().waitFor();
  await page.locator('tbody tr').first().click();
  await see(officer, 'day-duties');
  check((await page.locator('tbody tr').count()) > 2, 'duties stand there with their clocks');
  await page.locator('tbody').getByText('전자금융사고 최초 보고', { exact: true }).click();
  await officer.press('duty.draft');
  await officer.open().getByRole('button', { name: t('report.save') }).waitFor();
  check((await officer.open().locator('dt').count()) > 1, 'the draft of a report asks and answers');
  await see(officer, 'day-report');
  await page.keyboard.press('Escape');
}

async function cut({ origin, house, check, see }, officer, incident) {
  const { page, t, open } = officer;
  const shown = await page.evaluate(async (id) => (await fetch(`/api/v1/incidents/${id}`)).json(), incident);
  const processor = shown.incident.processor;
  check(Boolean(processor), `the incident names whose copy it is (${processor})`);
  if (!processor) return;
  await page.goto(`${origin}/outsiders/${processor}`);
  await officer.press('disclosure.new');
  await open().getByLabel(t('disclosure.purpose')).fill('겨울 기념품 지급');
  await open().getByLabel(t('disclosure.whose')).fill('first:1500');
  await see(officer, 'day-disclose');
  await open().locator('button[type=submit]').click();
  await page.getByRole('button', { name: new RegExp(t('delivery.publish', { id: 'D-\\d+' })) }).click();
  await officer.pressInside('delivery.let');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.goto(`${origin}/outsiders/${processor}?tab=keys`);
  await officer.press('key.new');
  await officer.pressInside('key.make');
  const key = await open().getByLabel(t('key.secret')).inputValue();
  await officer.pressInside('key.kept');
  const { items } = await page.evaluate(async () => (await fetch('/api/v1/deliveries')).json());
  const file = `${house.outside}/api/v1/deliveries/${items.at(-1).id}/file`;
  const fetched = () => fetch(file, { headers: { authorization: `Bearer ${key}` } });
  const before = await fetched();
  check(before.status === 200, `the party fetches its file (${before.status})`);
  const reader = before.body.getReader();
  await reader.read();

  await page.goto(`${origin}/incidents/${incident}`);
  await officer.press('cut.open');
  await open().getByLabel(t('reason')).fill('저장소에서 사본이 발견되어 접근을 차단합니다');
  await see(officer, 'day-cut-sheet');
  await officer.pressInside('cut.verb');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  const after = await fetched();
  check(after.status === 401 || after.status === 403, `cut off, its download dies (${after.status})`);
  await reader.cancel().catch(() => {});
  await page.goto(`${origin}/outsiders/${processor}?tab=cuts`);
  await page.locator('.panel, tbody tr').first().waitFor();
  await see(officer, 'day-cut');
}

async function notice({ browser, origin, house, check, see }, officer, third, incident) {
  const { page, t } = officer;
  const address = `${origin}/incidents/${incident}?tab=notices`;
  await page.goto(address);
  await officer.press('notice.write');
  await page.getByText(t('notice.not_author')).waitFor();
  const second = hand(await look(browser, { origin, language: 'en', theme: 'dark' }), 'en');
  await signIn(second.page, origin, 'bora', house.secret('bora'));
  for (const one of [second, third]) {
    await one.page.goto(origin);
    await one.page.getByText(incident).first().waitFor();
    await see(one, 'day-asked');
    await one.page.goto(address);
    await one.press('notice.preview');
    await one.page.getByRole('button', { name: one.t('notice.agree') }).waitFor();
    await see(one, 'day-preview');
    await one.press('notice.agree');
    await one.page.getByRole('button', { name: one.t('notice.agree') }).waitFor({ state: 'detached' });
  }
  check(true, 'two others look at the notice and agree');
  await page.reload();
  await officer.press('notice.preview');
  await officer.press('notice.send_open');
  await officer.open().locator('select, input').first().waitFor();
  const gateway = officer.open().getByLabel(t('notice.gateway'));
  if ((await gateway.evaluate((node) => node.tagName)) === 'INPUT') await gateway.fill('main');
  await see(officer, 'day-send');
  await officer.pressInside('notice.send');
  await page.locator('progress').waitFor({ timeout: 20_000 });
  await see(officer, 'day-sending');
  await page.getByRole('heading', { name: t('doubt.title') }).waitFor({ timeout: 60_000 });
  check(true, `the texts arrive: the gateway has told ${house.gateway.seen.people.size} numbers`);
  await third.context.close();
  await doubts(check, see, second, address);
  await arrived(officer, check, see, incident, house);
  await consent({ origin, check, see }, officer, second);
  await second.context.close();
}

/** A text for a party waits for a second person, who agrees on the page of consents; a small team is declared. */
async function consent({ origin, check, see }, officer, second) {
  const { page, open, t } = officer;
  await page.goto(`${origin}/outsiders/P-2?tab=templates`);
  await officer.press('template.new');
  await open().getByLabel(t('template.name'), { exact: true }).fill('winter-gift');
  await open().getByLabel(t('template.ko')).fill('[돌담은행] 겨울 선물 {{ code }} 를 준비했습니다.');
  await open().getByLabel(t('template.en')).fill('[Doldam Bank] Your winter gift {{ code }} is here.');
  await see(officer, 'day-template');
  await officer.pressInside('template.make');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('tbody').getByText('winter-gift').waitFor();
  await see(officer, 'day-templates');
  await second.page.goto(`${origin}/approvals`);
  await second.page.locator('tbody tr').first().click();
  await second.page.getByRole('button', { name: /^Agree to A-/ }).click();
  await see(second, 'day-agree');
  await second.pressInside('approval.agree');
  await second.page.getByText(second.t('approval.empty')).waitFor();
  await page.reload();
  await page.getByText(t('template.agreed')).first().waitFor();
  check(true, 'a second person agrees to a text of a party');
  await page.goto(`${origin}/approvals`);
  await officer.press('team.begin');
  await open().getByLabel(t('reason')).fill('주말에는 두 번째 사람이 없습니다');
  await see(officer, 'day-small-team');
  await officer.pressInside('team.begin');
  await page.getByRole('button', { name: t('team.end') }).waitFor();
  check(true, 'a small team is declared');
  await page.goto(`${origin}/outsiders/P-2?tab=domains`);
  await page.locator('tbody tr').first().click();
  await page.getByRole('button', { name: /^M-\d+ / }).click();
  await open().getByLabel(t('reason')).fill('분기마다 세대를 바꿉니다');
  await officer.pressInside('domain.verb');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('tbody td.figure').getByText('2', { exact: true }).first().waitFor();
  check(true, 'a domain has a new epoch');
}

async function doubts(check, see, second, address) {
  const { page, t } = second;
  await page.goto(address);
  const region = page.getByRole('region', { name: t('doubt.title') });
  await region.locator('tbody tr').first().waitFor({ timeout: 30_000 });
  const before = await region.locator('tbody tr').count();
  for (let left = before; left > 0; left -= 1) {
    await region.locator('tbody tr').first().click();
    await page.getByLabel(t('doubt.decision')).selectOption(left === before ? 'resend' : 'give_up');
    await page.getByLabel(t('reason'), { exact: true }).fill('the line broke, decided in the evening of the drill');
    if (left === before) await see(second, 'day-in-doubt');
    await page.getByRole('button', { name: new RegExp(`^${t('doubt.decide', { doubt: '' })}`) }).click();
    await page.waitForFunction(([rows, label]) => document.querySelectorAll(`section[aria-label="${label}"] tbody tr`).length < rows, [left, t('doubt.title')], { timeout: 15_000 });
  }
  check(before > 0, `a person decided about each of those in doubt (${before})`);
}

async function arrived(officer, check, see, incident, house) {
  const { page } = officer;
  const path = `/api/v1/incidents/${incident}/notices/1/progress`;
  const counts = () => page.evaluate(async (address) => (await (await fetch(address)).json()).counts, path);
  let now = await counts();
  for (const end = Date.now() + 30_000; now.planned + now.intent + now.in_doubt > 0 && Date.now() < end; now = await counts()) await page.waitForTimeout(500);
  check(now.planned + now.intent + now.in_doubt === 0 && now.delivered > 0, `every text has an end (${JSON.stringify(now)})`);
  const twice = [...house.gateway.seen.people.values()].filter((times) => times > 1).length;
  check(twice <= 1, `nobody is told twice but whom a person chose to tell again (${twice})`);
  await page.reload();
  await page.locator('progress').waitFor();
  await see(officer, 'day-arrived');
}

/** A customer whom nobody could reach reads the notice on the web site. */
async function posted({ browser, origin, house, check, see }, officer, incident) {
  const { page, t } = officer;
  await page.goto(`${origin}/incidents/${incident}?tab=postings`);
  await officer.press('posting.put');
  await page.getByText(t('posting.stands')).waitFor();
  await see(officer, 'day-posted');
  const path = await page.locator('dd.mono').first().textContent();
  const customer = await look(browser, { origin: house.open, language: 'ko', theme: 'light', width: 390, height: 844 });
  const said = await customer.page.goto(house.open + path.trim());
  check(said.status() === 200 && (await customer.page.textContent('body')).includes('1599-0000'), 'a customer reads the web notice, and whom to call');
  await see(customer, 'day-web-notice');
  await customer.context.close();
}

/** One person is found by a value of the leaked file and revealed with a purpose, and the log has it. */
async function person({ origin, house, check, see }, officer) {
  const { page, open, t } = officer;
  const line = readFileSync(house.leak, 'utf8').split(/\r?\n/)[1];
  const ci = line.split(',').map((cell) => cell.replaceAll('"', '')).find((cell) => /^[A-Za-z0-9+/]{86}==$/.test(cell));
  await page.goto(`${origin}/subjects`);
  await page.getByLabel(t('subject.kind')).selectOption('ci');
  await page.getByLabel(t('subject.value'), { exact: true }).fill(ci);
  await page.getByLabel(t('masked.purpose')).fill('사고 L-1 고객 문의 확인');
  await see(officer, 'day-find');
  await officer.press('subject.find');
  await page.waitForURL(/subjects\/.+/);
  await page.getByRole('button', { name: t('masked.reveal') }).first().click();
  await open().getByLabel(t('masked.purpose')).fill('사고 L-1 본인 확인 전화');
  await see(officer, 'day-reveal');
  await officer.pressInside('masked.show');
  await page.getByRole('button', { name: t('masked.hide') }).waitFor();
  await see(officer, 'day-revealed');
  check(!decodeURIComponent(page.url()).includes(ci), 'no value stands in an address');
  await page.getByRole('tab', { name: new RegExp(`^${t('subject.looks')}`) }).click();
  await page.locator('tbody tr').first().waitFor();
  await see(officer, 'day-looks');
  await page.getByRole('tab', { name: new RegExp(`^${t('subject.holdings')}`) }).click();
  await page.locator('tbody tr').first().waitFor();
  await see(officer, 'day-holdings');
  await page.goto(`${origin}/log`);
  await page.locator('tbody').getByText('사고 L-1 본인 확인 전화').first().waitFor();
  check(true, 'one person is revealed with a purpose, and the log says so');
}

async function logged({ origin, check, see }, officer) {
  const { page } = officer;
  await page.goto(`${origin}/log`);
  await page.locator('tbody tr').first().waitFor();
  const text = await page.locator('tbody').textContent();
  check(text.includes('bora') && text.includes('haneul'), 'the log names who agreed');
  await see(officer, 'day-log');
  await page.goto(`${origin}/?`);
  await page.locator('main h1').first().waitFor();
  await see(officer, 'day-today');
}
