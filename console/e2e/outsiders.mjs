// What two people do about a party, in a house of its own: a file of real values is asked for, agreed to and made; an
// old hand-over is put on record and a copy of it traced to there; a download dies while it runs; the party is let in
// again. The officer speaks Korean in the light, and English in the dark where a sheet is looked at; the second person
// speaks English in the dark.
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { look, signIn } from './browser.mjs';
import { house as build } from './house.mjs';
import { serve } from './serve.mjs';
import { words } from './words.mjs';

/** Enough people that a file of them is longer than what lies between the server and a reader who has stopped. */
const SUBJECTS = 40_000;
/** How long a download may outlive the cut, in milliseconds. */
const DIES_MS = 1000;

/** A window and how to press what stands in it. */
async function person({ browser, origin, house, language, theme }, name) {
  const window = await look(browser, { origin, language, theme });
  const { page } = window;
  const t = words(language);
  await signIn(page, origin, name, house.secret(name));
  const open = () => page.locator('dialog[open]');
  const button = (scope, key, given) => scope.getByRole('button', { name: t(key, given), exact: true });
  return {
    ...window,
    t,
    open,
    go: (path) => page.goto(origin + path),
    press: (key, given) => button(page, key, given).click(),
    pressInside: (key, given) => button(open(), key, given).click(),
    closed: () => open().waitFor({ state: 'detached' }),
    read: (path) => page.evaluate(async (address) => (await fetch(address)).json(), path)
  };
}

/** Runs it. `binary` is the program, `folder` the built console. */
export async function outsiders({ browser, binary, folder, check, see }) {
  const house = await build({ binary, subjects: SUBJECTS });
  const server = await serve({ folder, port: 0, upstream: house.upstream, fault: () => undefined });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const at = { browser, origin, house };
  try {
    const officer = await person({ ...at, language: 'ko', theme: 'light' }, 'minji');
    const dark = await person({ ...at, language: 'en', theme: 'dark' }, 'minji');
    const second = await person({ ...at, language: 'en', theme: 'dark' }, 'bora');
    const story = { house, check, see, officer, dark, second };
    await past(story);
    await raw(story);
    const key = await apiKey(story);
    await cut(story, key);
    await letIn(story, key);
  } finally {
    server.close();
    await house.close();
  }
}

/** Agrees to the request on top of the page of consents. */
async function agree({ second, see }, title) {
  await second.go('/approvals');
  await second.page.locator('tbody tr').first().click();
  await second.page.getByRole('button', { name: /^Agree to A-/ }).click();
  await see(second, title);
  await second.pressInside('approval.agree');
  await second.closed();
}

/** A file of the time before: refused where it is none, looked at, recorded, and a copy of it traced. */
async function past({ house, check, see, officer, dark }) {
  const { page } = officer;
  const file = join(house.folder, 'given-in-2024.csv');
  const rows = readFileSync(house.leak, 'utf8').split(/\r?\n/);
  // Every third person of a known list, with a stranger and a broken row.
  writeFileSync(file, [rows[0], ...rows.slice(1).filter((row, place) => row && place % 3 === 0), 'one field'].join('\r\n'));
  const wrong = join(house.folder, 'picture.csv');
  writeFileSync(wrong, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]));
  for (const one of [officer, dark]) {
    await one.go('/outsiders');
    await one.page.getByRole('link', { name: one.t('past.open') }).click();
    await one.page.waitForURL(/outsiders\/record/);
    await one.page.locator('input[type=file]').setInputFiles(wrong);
    await one.press('past.look');
    await one.page.getByText(one.t('past.given_missing')).waitFor();
    await see(one, 'outsiders-record-faults');
    await one.page.getByLabel(one.t('past.whom')).selectOption('P-3');
    await one.page.getByLabel(one.t('past.given')).fill('2024-03-04');
    await one.page.getByLabel(one.t('past.back')).fill('2024-12-31');
    await one.page.getByLabel(one.t('past.purpose'), { exact: true }).fill('an old pilot '.repeat(1000));
    const typed = await one.page.getByLabel(one.t('past.purpose'), { exact: true }).inputValue();
    check(typed.length <= 200, `no more is typed than is kept (${typed.length})`);
    await one.page.getByLabel(one.t('past.purpose'), { exact: true }).fill('2024년 시범 사업');
    await one.press('past.look');
    await one.page.getByText(one.t('code.server.unreadable.what')).waitFor();
    await see(one, 'outsiders-record-wrong');
    check((await one.page.getByLabel(one.t('past.purpose'), { exact: true }).inputValue()) === '2024년 시범 사업', 'a wrong file loses nothing that was typed');
    await one.page.locator('input[type=file]').setInputFiles(file);
    await one.press('past.look');
    await one.page.getByRole('heading', { name: one.t('past.seen') }).waitFor();
    await see(one, 'outsiders-record-seen');
  }
  const shown = await page.locator('main').textContent();
  const values = rows[1].split(',').filter((cell) => cell.length > 6);
  check(values.length > 0 && values.every((value) => !shown.includes(value)), 'what is seen of the file names nobody');
  await officer.press('past.record');
  await page.waitForURL(/outsiders\/P-3$/);
  await page.locator('tbody').getByText('2024년 시범 사업').waitFor();
  await see(officer, 'outsiders-recorded');
  await dark.press('past.look');
  await dark.page.getByText(/this file is on record as D-/).waitFor();
  check(true, 'the same file is not recorded twice');
  const copy = join(house.folder, 'found.csv');
  const lines = readFileSync(file, 'utf8').split('\r\n');
  writeFileSync(copy, lines.slice(0, Math.ceil(lines.length / 2)).join('\r\n'));
  await officer.go('/trace');
  await page.locator('input[type=file]').setInputFiles(copy);
  await officer.press('trace.start');
  await page.waitForURL(/trace\/T-\d+/, { timeout: 30_000 });
  const report = await officer.read(`/api/v1/traces/${/T-\d+/.exec(page.url())[0]}`);
  const { items } = await officer.read('/api/v1/disclosures');
  const recorded = items.find((one) => one.purpose === '2024년 시범 사업');
  const found = report.disclosures.find((one) => one.id === recorded.id);
  check(report.disclosures[0].id === recorded.id && found.score > 0.5, `a copy is traced to the old hand-over (${recorded.id}, score ${found?.score})`);
}

/** Real values: asked for by one, agreed to by another, made and let go by the first. */
async function raw(story) {
  const { check, see, officer, dark, second } = story;
  for (const one of [dark, officer]) {
    await one.go('/outsiders/P-2');
    await one.press('disclosure.new');
    await one.open().getByLabel(one.t('disclosure.form')).selectOption('raw');
    await one.open().getByLabel(one.t('disclosure.purpose')).fill('우편 안내문 발송');
    await one.open().getByLabel(one.t('disclosure.whose')).fill('first:25');
    await see(one, 'outsiders-raw-ask');
  }
  await dark.page.keyboard.press('Escape');
  const { page, t } = officer;
  await officer.pressInside('raw.ask');
  await officer.closed();
  await page.getByText(t('approval.waits', { id: 'A-1' })).first().waitFor();
  await see(officer, 'outsiders-raw-waits');
  check((await page.getByRole('button', { name: t('raw.make'), exact: true }).count()) === 0, 'nobody agreed, so there is nothing to make');
  await second.go('/outsiders/P-2');
  await second.page.getByText(second.t('approval.waits', { id: 'A-1' })).first().waitFor();
  await see(second, 'outsiders-raw-waits');
  await agree(story, 'outsiders-raw-agree');
  await officer.go('/approvals');
  await page.getByText(t('approval.ready')).first().waitFor();
  await see(officer, 'outsiders-raw-ready');
  await officer.go('/');
  await page.locator('li').filter({ hasText: '우편 안내문 발송' }).getByRole('link').click();
  await page.waitForURL(/outsiders\/P-2$/);
  await page.getByText(t('approval.was_agreed', { id: 'A-1' })).first().waitFor();
  check(true, 'today leads whoever asked to what was agreed to');
  await see(officer, 'outsiders-raw-agreed');
  await officer.press('raw.make');
  await see(officer, 'outsiders-raw-sheet');
  await officer.pressInside('raw.make');
  await officer.closed();
  await page.getByRole('button', { name: new RegExp(t('delivery.publish', { id: 'D-\\d+' })) }).click();
  await officer.pressInside('delivery.let');
  await officer.closed();
  const { items } = await officer.read('/api/v1/disclosures');
  const made = items.find((one) => one.purpose === '우편 안내문 발송');
  check(made?.raw && made.subjects === 25, `real values of 25 people are given by two (${made?.id})`);
  const key = await issue(officer, 'P-2');
  const delivery = (await officer.read('/api/v1/deliveries')).items.find((one) => one.disclosure === made.id);
  const said = await fetch(`${story.house.outside}/api/v1/deliveries/${delivery.id}/file`, { headers: { authorization: `Bearer ${key}` } });
  const lines = (await said.text()).trim().split('\r\n');
  check(said.status === 200 && lines.length > 25, `the party fetches them (${said.status}, ${lines.length} lines)`);
}

/** Makes a key on the page of keys; gives it as it is shown, once. */
async function issue(one, processor) {
  await one.go(`/outsiders/${processor}?tab=keys`);
  await one.press('key.new');
  await one.pressInside('key.make');
  const key = await one.open().getByLabel(one.t('key.secret')).inputValue();
  await one.pressInside('key.kept');
  await one.closed();
  return key;
}

/** A key is shown once, works, is withdrawn with a reason, and another takes its place. */
async function apiKey({ house, check, see, officer, dark }) {
  const { page, t } = officer;
  const listed = (key) => fetch(`${house.outside}/api/v1/deliveries`, { headers: { authorization: `Bearer ${key}` } });
  const first = await issue(officer, 'P-1');
  check((await listed(first)).status === 200, 'a new key opens the door of the parties');
  await page.reload();
  await page.locator('tbody tr').first().waitFor();
  check(!(await page.content()).includes(first), 'a key is shown once');
  const id = (await officer.read('/api/v1/processors/P-1/api-keys')).items.at(-1).id;
  for (const one of [dark, officer]) {
    await one.go('/outsiders/P-1?tab=keys');
    await one.page.locator('tbody').getByText(id, { exact: true }).click();
    await one.press('key.revoke_open', { id });
    await see(one, 'outsiders-key-revoke');
  }
  await dark.page.keyboard.press('Escape');
  await officer.open().getByLabel(t('reason')).fill('담당자가 바뀌어 새 키를 씁니다');
  await officer.pressInside('key.revoke');
  await officer.closed();
  await page.locator('tbody').getByText(t('key.revoked')).first().waitFor();
  check((await listed(first)).status === 401, 'a withdrawn key opens nothing');
  return issue(officer, 'P-1');
}

/** A reader who takes the first bytes of a file and then nothing for a while. */
function slowReader(address, key) {
  const reader = { bytes: 0, length: 0, ended: undefined };
  reader.begun = new Promise((begun, failed) => {
    const asked = get(address, { headers: { authorization: `Bearer ${key}` }, highWaterMark: 16_384 }, (said) => {
      reader.status = said.statusCode;
      reader.length = Number(said.headers['content-length']);
      said.once('data', (part) => {
        reader.bytes += part.length;
        said.pause();
        said.on('data', (more) => (reader.bytes += more.length));
        said.pause();
        begun();
      });
      reader.goOn = () => said.resume();
      reader.over = new Promise((over) => said.once('close', () => over(said.complete ? 'whole' : 'broken off')));
      said.on('error', () => {});
    });
    asked.on('error', failed);
  });
  return reader;
}

/** A download that runs dies with the cut, and the key opens nothing any more. */
async function cut({ house, check, see, officer, dark }, key) {
  const { page, t } = officer;
  await officer.go('/outsiders/P-1');
  await officer.press('disclosure.new');
  await officer.open().getByLabel(t('disclosure.purpose')).fill('NFT 플랫폼 운영');
  for (const kind of ['di', 'phone', 'email']) await officer.open().getByRole('checkbox', { name: t(`field.${kind}`) }).check();
  await officer.pressInside('disclosure.make');
  await officer.closed();
  await page.getByRole('button', { name: new RegExp(t('delivery.publish', { id: 'D-\\d+' })) }).click();
  await officer.pressInside('delivery.let');
  await officer.closed();
  const delivery = (await officer.read('/api/v1/deliveries?limit=1000')).items.at(-1);
  const file = `${house.outside}/api/v1/deliveries/${delivery.id}/file`;
  const reader = slowReader(file, key);
  await reader.begun;
  check(reader.status === 200 && reader.length > 8_000_000, `the party fetches ${reader.length} bytes, slowly`);
  await officer.go('/outsiders/P-1?tab=deliveries');
  await page.locator('tbody').getByText(delivery.id, { exact: true }).click();
  await page.getByText(t('outcome.running')).first().waitFor();
  await see(officer, 'outsiders-download-runs');
  for (const one of [dark, officer]) {
    await one.go('/outsiders/P-1');
    await one.press('cut.open');
    await one.open().getByLabel(one.t('reason')).fill('사본이 발견되어 접근을 차단합니다');
    await see(one, 'outsiders-cut-sheet');
  }
  await dark.page.keyboard.press('Escape');
  await officer.pressInside('cut.verb');
  await officer.closed();
  reader.goOn();
  const late = new Promise((over) => setTimeout(() => over('still running'), DIES_MS));
  const end = await Promise.race([reader.over, late]);
  check(end === 'broken off' && reader.bytes < reader.length, `the running download dies in its middle (${end}, ${reader.bytes} of ${reader.length} bytes)`);
  const again = await fetch(file, { headers: { authorization: `Bearer ${key}` } });
  check(again.status === 401, `a new fetch is refused (${again.status})`);
  await officer.go('/outsiders/P-1?tab=deliveries');
  await page.locator('tbody').getByText(delivery.id, { exact: true }).click();
  await page.getByText(t('outcome.aborted')).first().waitFor();
  await see(officer, 'outsiders-download-died');
  await officer.go('/outsiders/P-1?tab=keys');
  await page.locator('tbody tr').first().waitFor();
  check((await page.getByRole('button', { name: t('key.new'), exact: true }).count()) === 0, 'no new key is offered to a party that is cut off');
}

/** Two people let the party in again; its old key stays dead, a new one works. */
async function letIn(story, key) {
  const { house, check, see, officer, dark, second } = story;
  const { page, t } = officer;
  for (const one of [dark, officer]) {
    await one.go('/outsiders/P-1');
    await one.press('resume.open');
    await one.open().getByLabel(one.t('reason')).fill('우리 쪽 사본으로 확인되었습니다');
    await see(one, 'outsiders-resume-ask');
  }
  await dark.page.keyboard.press('Escape');
  await officer.pressInside('resume.ask');
  await officer.closed();
  const asked = (await officer.read('/api/v1/processors/P-1')).standing.approval;
  await page.getByText(t('approval.waits', { id: asked })).first().waitFor();
  await see(officer, 'outsiders-resume-waits');
  const alone = await page.evaluate(async (id) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    return (await fetch(`/api/v1/processors/P-1/resume`, { method: 'POST', headers, body: JSON.stringify({ approval: id }) })).status;
  }, asked);
  check(alone === 409, `nobody lets a party in alone (${alone})`);
  await agree(story, 'outsiders-resume-agree');
  await second.go('/outsiders/P-1');
  await second.page.getByText(second.t('approval.was_agreed', { id: asked })).first().waitFor();
  await see(second, 'outsiders-resume-agreed');
  for (const one of [dark, officer]) {
    await one.go('/outsiders/P-1');
    await one.press('resume.go');
    await see(one, 'outsiders-resume-sheet');
  }
  await dark.page.keyboard.press('Escape');
  await officer.pressInside('resume.verb');
  await officer.closed();
  await page.getByText(t('resume.heading')).waitFor({ state: 'detached' }).catch(() => {});
  const shown = await officer.read('/api/v1/processors/P-1');
  check(!shown.standing, 'two people let the party in again');
  await see(officer, 'outsiders-resumed');
  const fetched = (secret) => fetch(`${house.outside}/api/v1/deliveries`, { headers: { authorization: `Bearer ${secret}` } });
  check((await fetched(key)).status === 401, 'its old key stays dead');
  check((await fetched(await issue(officer, 'P-1'))).status === 200, 'a new key works');
}
