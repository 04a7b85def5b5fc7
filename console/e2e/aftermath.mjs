// The weeks after the bad day: a clock waits and goes on, an incident is closed on evidence, a person is forgotten as far
// as the backups allow, and one officer carries alone what nobody else was there to agree to.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { look, signIn } from './browser.mjs';
import { FACTS, hand } from './day.mjs';

/** What is known besides the facts of the day, so that no duty is undecided. */
const REST = `request=none mediation=none order=none court_order=none claim=none refuse=no fds_suspects_fraud_account=no
  shared_suspect_info=no temp_measure_taken=no relief_requested=no police_request=no id_check_failed=no efsr_reported=no
  closed=no outage_minutes=0 data_or_program_manipulated=no intrusion_with_user_loss=no electronic_finance_disrupted=no`;

/** Runs it. `given` is as for the day. */
export async function aftermath(given) {
  const officer = hand(await look(given.browser, { origin: given.origin, language: 'ko', theme: 'light' }), 'ko');
  await signIn(officer.page, given.origin, 'minji', given.house.secret('minji'));
  const incident = await opened(given, officer);
  await waits(given, officer, incident);
  await closed(given, officer, incident);
  await erased(given, officer);
  await alone(given, officer);
  await officer.context.close();
}

/** An incident without a list: a tip of which everything is known but whose data it was. */
async function opened({ origin }, officer) {
  const { page, t, open } = officer;
  await page.goto(`${origin}/incidents`);
  await officer.press('incident.new');
  await open().getByLabel(t('incident.title')).fill('협력사가 알려 온 옛 사본');
  await officer.pressInside('incident.open');
  await page.waitForURL(/incidents\/L-\d+/);
  const incident = /L-\d+/.exec(page.url())[0];
  const now = new Date();
  const answers = Object.fromEntries(`${FACTS} ${REST}`.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  const facts = { ...answers, certainty: 'confirmed', subjects: '1200', occurred_at: `${new Date(now - 30 * 86_400_000).toISOString()}..${now.toISOString()}` };
  await officer.post(`/api/v1/incidents/${incident}/facts`, { facts });
  await officer.post(`/api/v1/incidents/${incident}/duties/start`, {});
  return incident;
}

const dutiesOf = (page, incident) => page.evaluate(async (id) => (await (await fetch(`/api/v1/incidents/${id}/duties`)).json()).items, incident);

/** A clock waits for a reason that the law allows, and goes on when the reason is over. */
async function waits({ origin, check, see }, officer, incident) {
  const { page, t } = officer;
  const duties = await dutiesOf(page, incident);
  const duty = duties.find((one) => one.clock.state === 'running' && one.waits_for.includes('disaster_or_unavoidable'));
  check(Boolean(duty), `a duty runs whose clock may wait (${duty?.id})`);
  await page.goto(`${origin}/incidents/${incident}?tab=reports`);
  await page.locator('tbody').getByText(duty.title.ko, { exact: true }).first().click();
  const began = page.getByRole('button', { name: t('wait.begin'), exact: true });
  const form = page.locator('form').filter({ has: began });
  await form.getByLabel(t('reason')).selectOption('disaster_or_unavoidable');
  await form.getByLabel(t('duty.reference')).fill('minutes:2026-118');
  await began.click();
  await page.getByRole('heading', { name: t('wait.end_title') }).waitFor();
  check(!(await page.locator('main').innerText()).includes('disaster_or_unavoidable'), 'the reason is told in words');
  await see(officer, 'after-waits');
  const held = async () => (await dutiesOf(page, incident)).find((one) => one.id === duty.id);
  const waiting = await held();
  check(waiting.clock.state === 'paused' && waiting.clock.waits_for === 'disaster_or_unavoidable', `the clock waits (${waiting.clock.state})`);
  await officer.press('wait.end');
  await page.getByRole('heading', { name: t('wait.title') }).waitFor();
  check((await held()).clock.state === 'running', `and goes on when the reason is over (${(await held()).clock.state})`);
}

/** Closing is refused while a duty is open; evidence of each kind that the law takes opens the way. */
async function closed({ origin, check, see }, officer, incident) {
  const { page, t } = officer;
  await page.goto(`${origin}/incidents/${incident}?tab=evidence`);
  const close = page.getByRole('button', { name: t('incident.close_it'), exact: true });
  const form = page.locator('form').filter({ has: close });
  const unfold = async () => {
    await page.getByRole('heading', { name: t('evidence'), exact: true }).waitFor();
    if (!(await close.isVisible())) await page.locator('summary').getByText(t('incident.close'), { exact: true }).click();
  };
  await unfold();
  await form.getByLabel(t('duty.reference')).fill('minutes:2026-131');
  await close.click();
  await form.getByRole('alert').getByText(t('code.response.duties_open.what')).waitFor();
  check((await form.getByLabel(t('duty.reference')).inputValue()) === 'minutes:2026-131', 'an incident with open duties is not closed, and what was typed stays');
  await see(officer, 'after-not-closed');
  const [first, ...others] = (await dutiesOf(page, incident)).filter((one) => one.is_open);
  await page.goto(`${origin}/incidents/${incident}?tab=reports`);
  await page.locator('tbody').getByText(first.title.ko, { exact: true }).first().click();
  const stop = page.getByRole('button', { name: t('duty.stop'), exact: true });
  await page.locator('form').filter({ has: stop }).getByLabel(t('duty.reference')).fill('receipt:2026-118');
  await stop.click();
  await page.getByText(t('duty.stopped', { id: first.id })).waitFor();
  for (const duty of others) {
    const told = await officer.post(`/api/v1/incidents/${incident}/duties/${duty.id}/stop`, { kind: duty.stops_on[0], reference: 'receipt:2026-119' });
    if (told.status !== 200) check(false, `${duty.id} stops on ${duty.stops_on[0]} (${told.status} ${told.body?.detail})`);
  }
  await page.goto(`${origin}/incidents/${incident}?tab=evidence`);
  await unfold();
  await form.getByLabel(t('duty.reference')).fill('minutes:2026-131');
  await close.click();
  await form.waitFor({ state: 'detached' });
  const shown = await page.evaluate(async (id) => (await fetch(`/api/v1/incidents/${id}`)).json(), incident);
  check(shown.incident.state === 'closed' && (await page.locator('main').innerText()).includes(t('kind.closing')), 'an incident is closed on evidence');
  check((await page.getByRole('button', { name: t('cut.open') }).count()) === 0, 'a closed incident offers nothing that would change it');
  await see(officer, 'after-closed');
}

/** Somebody of whom a backup still holds the key is forgotten, and the page says until when that is pending. */
async function erased({ origin, house, check, see }, officer) {
  const { page, open, t } = officer;
  const number = `C-${Date.now()}`;
  const file = join(house.folder, 'one.csv');
  writeFileSync(file, `customer_id,nickname,phone,language\n${number},떠나는사람,01055501234,ko\n`, { mode: 0o600 });
  house.doldam('subject', 'import', file, '--identify-by', 'customer_id', '--source', 'counter');
  house.doldam('key', 'backup', '--out', join(house.folder, `keys-${number}`));
  await page.goto(`${origin}/subjects`);
  await page.getByLabel(t('subject.kind')).selectOption('customer_id');
  await page.getByLabel(t('subject.value'), { exact: true }).fill(number);
  await page.getByLabel(t('masked.purpose')).fill('파기 요청 접수');
  await officer.press('subject.find');
  await page.waitForURL(/subjects\/.+/);
  await officer.press('subject.erase_open');
  await open().getByLabel(t('reason')).fill('본인이 서면으로 파기를 요청함');
  await see(officer, 'after-erase');
  await officer.pressInside('subject.erase');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('header').getByText(t('subject.pending')).waitFor();
  check((await page.locator('.panel').first().textContent()).includes('K-'), 'an erasure is pending as long as a key backup is there, and the page says which');
  check((await page.getByRole('button', { name: t('masked.reveal') }).count()) === 0, 'of an erased person nothing is left to reveal');
  await see(officer, 'after-pending');
}

/** Nobody is there to agree: refused within the hour, carried alone after it, and on record. */
async function alone({ origin, house, check, see }, officer) {
  const { page, open, t } = officer;
  await page.goto(`${origin}/approvals`);
  await page.getByRole('button', { name: t('team.begin') }).or(page.getByRole('button', { name: t('team.end') })).waitFor();
  if ((await page.getByRole('button', { name: t('team.begin') }).count()) > 0) {
    await officer.press('team.begin');
    await open().getByLabel(t('reason')).fill('주말에는 두 번째 사람이 없습니다');
    await officer.pressInside('team.begin');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  }
  const asked = await officer.post('/api/v1/processors/P-2/message-templates', { name: `night-${Date.now()}`, texts: { ko: '[돌담은행] 늦은 안내 {{ code }} 입니다.' }, allowed: [] });
  const request = asked.body.approval;
  await page.reload();
  const breakOpen = async () => {
    await page.locator('tbody').getByText(request, { exact: true }).click();
    await officer.press('glass.open', { id: request });
  };
  await breakOpen();
  const reason = '오늘 밤 안에 알려야 하고 다른 승인자가 없습니다';
  await open().getByLabel(t('reason')).fill(reason);
  await officer.pressInside('glass.verb');
  await open().getByRole('alert').getByText(t('code.vault.break_glass_early.what')).waitFor();
  check((await open().getByLabel(t('reason')).inputValue()) === reason, 'within the hour nobody carries an act alone, and the reason stays');
  await see(officer, 'after-too-early');
  await hourLater(house);
  await page.reload();
  await breakOpen();
  check((await open().getByLabel(t('reason')).inputValue()) === reason, 'an hour later the reason is still there');
  await officer.pressInside('glass.verb');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('tbody').getByText(t('approval.broken')).first().waitFor();
  await see(officer, 'after-alone');
  await page.goto(`${origin}/log`);
  await page.locator('tbody').getByText(reason).first().waitFor();
  check(true, 'what one officer carried alone stands in the list and in the log');
}

/** Lets an hour go by for whoever waits for a second person. The server rests meanwhile. */
async function hourLater(house) {
  const hour = 3_600_000_000;
  await house.stop();
  execFileSync('sqlite3', [
    join(house.data, 'data', 'doldam.db'),
    `UPDATE approval SET requested_at_us = requested_at_us - ${hour};
     UPDATE installation SET value = CAST(value AS INTEGER) - ${hour} WHERE name = 'small_team_since_us' AND value <> '';`
  ]);
  await house.begin();
}
