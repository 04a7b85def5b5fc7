// A day of a fraud analyst in a house of its own: a channel sends events, the picture follows; an account is put on a
// list and the next payment to it is stopped with its reason; a draft of a rule is wrong in its place, is mended,
// tried on the past and put in force by two people; the log proves itself. The officer speaks Korean in the light, the
// same one English in the dark, and Korean on a telephone.
import { look, signIn } from './browser.mjs';
import { house as build } from './house.mjs';
import { serve } from './serve.mjs';
import { words } from './words.mjs';

/** How many quiet payments there are before anything happens. */
const QUIET = 240;
const PATHS = ['/fraud', '/fraud/decisions', '/fraud/rules', '/fraud/lists', '/fraud/lists/suspected', '/fraud/features', '/fraud/features?tab=fields', '/fraud/features?tab=model', '/fraud/alerts', '/fraud/cases', '/fraud/cases/1', '/fraud/measures'];
const RULE = `
[[rule]]
name = "large_at_branch"
on = ["payment"]
when = "amount >= 700000 && channel == 'branch'"
score = 40
action = "delay"
reason.ko = "창구에서 큰 금액을 보내려고 합니다."
reason.en = "A large amount is sent at a branch."
`;

async function person({ browser, origin, house }, name, way, secret = house.secret(name)) {
  const window = await look(browser, { origin, ...way });
  const t = words(way.language);
  await signIn(window.page, origin, name, secret);
  const open = () => window.page.locator('dialog[open]');
  const button = (scope, key, given) => scope.getByRole('button', { name: t(key, given), exact: true });
  return {
    ...window,
    t,
    open,
    go: (path) => window.page.goto(origin + path),
    press: (key, given) => button(window.page, key, given).click(),
    pressInside: (key, given) => button(open(), key, given).click(),
    closed: () => open().waitFor({ state: 'detached' }),
    read: (path) => window.page.evaluate(async (address) => (await fetch(address)).json(), path)
  };
}

/** The key of a program that may ask for decisions. */
function keyOf({ page }) {
  return page.evaluate(async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify({ scopes: ['transactions:decide'], days: 1 });
    const made = await (await fetch('/api/v1/processors/P-1/api-keys', { method: 'POST', headers, body })).json();
    return made.secret ?? made.key;
  });
}

/** A channel of the bank: sends events and gives what is to be done with each. */
function channel(house, key) {
  let count = 0;
  const event = (more) => {
    count += 1;
    return { id: `e-${count}`, kind: 'payment', time: new Date().toISOString(), account: `account-${count % 17}`, payee: `payee-${count % 5}`, amount: 12_000 + count, currency: 'KRW', channel: 'app', ...more };
  };
  const send = async (path, body) => {
    const said = await fetch(`${house.outside}/api/v1/transactions:${path}`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!said.ok) throw new Error(`${path}: ${said.status} ${await said.text()}`);
    return said.json();
  };
  return {
    one: (more = {}) => send('decide', event(more)),
    many: (number) => send('decide', { transactions: Array.from({ length: number }, () => event({})) }),
    label: (id, fraud) => send('label', { event: id, fraud, known: new Date().toISOString() })
  };
}

/** Runs it. `binary` is the program, `folder` the built console. */
export async function fraud({ browser, binary, folder, check, see }) {
  const house = await build({ binary });
  const server = await serve({ folder, port: 0, upstream: house.upstream, fault: () => undefined });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const at = { browser, origin, house };
  try {
    const officer = await person(at, 'minji', { language: 'ko', theme: 'light' });
    const dark = await person(at, 'minji', { language: 'en', theme: 'dark' });
    const phone = await person(at, 'minji', { language: 'ko', theme: 'light', width: 390, height: 844 });
    const second = await person(at, 'bora', { language: 'en', theme: 'dark' });
    const analyst = await person(at, 'jun', { language: 'en', theme: 'dark' }, await hired({ house, officer }));
    const story = { analyst, house, check, see, officer, dark, phone, second };
    await quiet(story);
    story.channel = channel(house, await keyOf(officer));
    await busy(story);
    await listed(story);
    await receipt(story);
    await drafted(story);
    await putInForce(story);
    await worked(story);
    await measured(story);
    await proved(story);
    for (const one of [officer, dark, phone]) {
      for (const path of PATHS) {
        await one.go(path);
        await one.page.locator('main h2, main table, main .panel').first().waitFor();
        await see(one, `fraud-all${path.replaceAll(/[/?=]/g, '_')}`);
      }
    }
  } finally {
    server.close();
    await house.close();
  }
}

/** A second pair of hands: an analyst with a passphrase of their own. */
async function hired({ house, officer }) {
  const secret = 'a passphrase of five words';
  const { one_time_password: once } = await officer.page.evaluate(async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify({ name: 'jun', role: 'analyst' });
    return (await fetch('/api/v1/staff', { method: 'POST', headers, body })).json();
  });
  const send = (path, body, more = {}) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...more };
    return fetch(house.upstream + path, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const came = await send('/api/v1/sessions', { name: 'jun', secret: once });
  const cookie = came.headers.getSetCookie()[0].split(';')[0];
  const chosen = await send('/api/v1/staff/me/passphrase', { secret: once, new_secret: secret }, { cookie });
  if (!chosen.ok) throw new Error(`no passphrase was chosen: ${chosen.status} ${await chosen.text()}`);
  return secret;
}

/** Before anything was sent, the page says what would make something appear. */
async function quiet({ check, see, officer, second }) {
  await officer.go('/');
  await officer.page.getByRole('link', { name: officer.t('rail.fraud'), exact: true }).click();
  await officer.page.waitForURL(/\/fraud$/);
  await officer.page.getByText(officer.t('fraud.nothing_yet')).waitFor();
  check(true, 'before the first event the page says what would make one appear');
  await see(officer, 'fraud-quiet');
  await second.go('/');
  await second.page.getByRole('heading').first().waitFor();
  const names = await second.page.locator('nav').first().innerText();
  check(names.includes(second.t('rail.fraud')), 'who may read the rules has the page in the rail');
}

/** Events come in, and the one number and the pictures follow without a reload. */
async function busy({ check, see, officer, dark, phone, channel: bank }) {
  await bank.many(QUIET);
  const held = await bank.one({ remote_control: true, amount: 900_000 });
  check(held.action === 'hold', `remote control holds a payment (${held.action})`);
  await officer.page.locator('.number').filter({ hasText: String(QUIET + 1) }).waitFor();
  check(true, 'the decisions of the last minute stand under the title');
  const pictures = await officer.page.locator('figure svg').count();
  check(pictures === 3, `three pictures are drawn (${pictures})`);
  await officer.page.locator('figure').first().getByRole('button', { name: officer.t('chart.table') }).click();
  const row = await officer.page.locator('figure').first().locator('tr').filter({ hasText: officer.t('fraud.action.hold') }).innerText();
  check(/\b1$/.test(row.trim()), 'the table beside the picture says the same');
  await see(officer, 'fraud-overview');
  for (const one of [dark, phone]) {
    await one.go('/fraud');
    await one.page.locator('figure svg').first().waitFor();
    await see(one, 'fraud-overview');
  }
}

/** An account comes on a list with an end and a reference, and the next payment to it is stopped. */
async function listed({ check, see, officer, dark, channel: bank }) {
  const before = await bank.one({ id: 'before-the-list', payee: 'mule-1', amount: 50_000 });
  check(before.action === 'allow', `a payment to anybody passes (${before.action})`);
  for (const one of [dark, officer]) {
    await one.go('/fraud/lists');
    await one.page.locator('tbody tr').filter({ hasText: 'suspected' }).getByRole('link').click();
    await one.page.waitForURL(/lists\/suspected/);
    await one.page.getByText(one.t('fraud.list_empty')).waitFor();
    await one.press('fraud.list_add');
    await one.open().getByLabel(one.t('fraud.keys_typed'), { exact: true }).fill('mule-1\n mule-2 \n');
    await one.open().getByLabel(one.t('fraud.until'), { exact: true }).fill('2031-12-31');
    await one.open().getByLabel(one.t('fraud.reference'), { exact: true }).fill('L-1');
    await one.open().getByLabel(one.t('reason')).fill('사고 L-1에서 확인된 받는 계좌');
    await see(one, 'fraud-list-add');
  }
  await dark.page.keyboard.press('Escape');
  await officer.pressInside('fraud.list_add_verb');
  await officer.closed();
  await officer.page.locator('tbody tr').nth(1).waitFor();
  const shown = await officer.page.locator('main').innerText();
  check(!shown.includes('mule-1'), 'a key on a list is masked');
  await see(officer, 'fraud-list');
  const after = await bank.one({ id: 'after-the-list', payee: 'mule-1', amount: 50_000 });
  check(after.action !== 'allow' && after.marks[0]?.reference === 'L-1', `the next payment is not allowed, and names why it is on the list (${after.action})`);
  await bank.label('after-the-list', true);
}

/** The receipt of that payment, by way of the filter and the row. */
async function receipt({ check, see, officer, dark, phone }) {
  for (const one of [officer, dark, phone]) {
    await one.go('/fraud/decisions');
    await one.page.locator('tbody tr').first().waitFor();
    const rows = await one.page.locator('tbody tr').count();
    const action = (await one.read('/api/v1/fraud/decisions/after-the-list')).verdict.action;
    await one.page.getByRole('combobox', { name: one.t('fraud.action'), exact: true }).selectOption(action);
    await one.page.waitForFunction((before) => document.querySelectorAll('tbody tr').length < before, rows);
    await one.page.locator('tbody tr').first().click();
    await one.page.locator('aside').getByText('after-the-list').waitFor();
    await see(one, 'fraud-receipt');
  }
  const side = officer.page.locator('aside');
  check((await side.getByRole('link', { name: 'L-1' }).getAttribute('href')) === '/incidents/L-1', 'a mark leads to its incident');
  check(!(await side.innerText()).includes('mule-1'), 'the receipt masks the keys');
  check(/받는 계좌/.test(await side.innerText()), 'the reason is told in the language of the reader');
}

/** A slip of the pen is underlined where it stands, and a click leads there; mended, it is tried on the past. */
async function drafted({ check, see, officer, dark, phone }) {
  for (const one of [dark, phone, officer]) {
    const { page, t } = one;
    await one.go('/fraud/rules');
    await page.getByText(t('fraud.compiles')).waitFor();
    const area = page.getByLabel(t('fraud.editor'));
    const text = await area.inputValue();
    await area.fill(text + RULE.replace('amount >=', 'amuont >='));
    await page.locator('.faults li').first().waitFor();
    const marked = await page.locator('mark').allInnerTexts();
    check(marked.join() === 'amuont', `the fault is underlined where it stands (${marked.join()}, ${one.name})`);
    await page.locator('.faults button').first().click();
    const chosen = await area.evaluate((node) => node.value.slice(node.selectionStart, node.selectionEnd));
    check(chosen === 'amuont', `a click leads to the fault (${chosen})`);
    const hint = await page.locator('.faults').innerText();
    check(/amount/.test(hint), `what was meant is guessed (${hint.replaceAll('\n', ' ')})`);
    await see(one, 'fraud-rules-fault');
    await page.reload();
    await page.locator('.faults li').first().waitFor();
    check((await area.inputValue()).includes('amuont'), 'a draft outlives a reload');
    await area.fill(text + RULE);
    await page.getByText(t('fraud.rules_of_draft')).waitFor();
    await one.press('fraud.bt.run');
    await page.getByText(t('fraud.bt.both')).waitFor();
    await see(one, 'fraud-rules-back-test');
  }
  const shown = await officer.page.locator('main').innerText();
  check(shown.includes('large_at_branch') && shown.includes(officer.t('fraud.bt.precision')), 'the draft stands beside the rules in force');
}

/** One asks, another agrees, and from then on the new rule decides. */
async function putInForce({ check, see, officer, dark, second, channel: bank }) {
  const { page, t } = officer;
  for (const one of [dark, officer]) {
    await one.press('fraud.put.open');
    await one.open().getByLabel(one.t('reason')).fill('창구에서 늘어난 피해를 막습니다');
    await see(one, 'fraud-put-sheet');
  }
  await dark.page.keyboard.press('Escape');
  await officer.pressInside('fraud.put.ask');
  await officer.closed();
  await page.getByText(t('approval.waits', { id: 'A-1' })).first().waitFor();
  await see(officer, 'fraud-put-waits');
  check((await page.getByRole('button', { name: t('fraud.put.verb'), exact: true }).count()) === 0, 'nobody puts rules in force alone');
  await second.go('/approvals');
  await second.page.locator('tbody tr').first().click();
  await second.page.getByRole('button', { name: /^Agree to A-/ }).click();
  await see(second, 'fraud-put-agree');
  await second.pressInside('approval.agree');
  await second.closed();
  await page.reload();
  await page.getByText(t('approval.was_agreed', { id: 'A-1' })).first().waitFor();
  await see(officer, 'fraud-put-agreed');
  const before = await bank.one({ amount: 800_000, channel: 'branch' });
  await officer.press('fraud.put.verb');
  await page.locator('.status').filter({ hasText: t('fraud.is_in_force') }).waitFor();
  const after = await bank.one({ amount: 800_000, channel: 'branch' });
  const names = after.rules.map((rule) => rule.name);
  check(!before.rules.some((rule) => rule.name === 'large_at_branch') && names.includes('large_at_branch'), `the new rule decides from then on (${names})`);
  await see(officer, 'fraud-in-force');
}

/** The log is decided again from its first entry, and comes out the same. */
async function proved({ check, see, officer, dark }) {
  for (const one of [dark, officer]) {
    await one.go('/fraud');
    await one.press('fraud.proof.make');
    await one.page.locator('.status').filter({ hasText: one.t('fraud.proof.equal') }).waitFor();
    await see(one, 'fraud-proved');
  }
  const setup = await officer.page.locator('main').innerText();
  check(setup.includes('minji') && setup.includes('창구에서 늘어난 피해를 막습니다'), 'who put the rules in force and why is told');
}

/** An alert is taken, looked into with those that share a key, and the case is closed by two people. */
async function worked({ check, see, officer, analyst, phone }) {
  const { page, t } = officer;
  await officer.go('/fraud/alerts');
  await page.locator('tbody tr').first().waitFor();
  const { items } = await officer.read('/api/v1/fraud/alerts');
  const one = items.find((alert) => alert.event === 'after-the-list');
  check(items.length >= 3 && one.outcome == null, `each decision that stops something has its alert (${items.length})`);
  await officer.go(`/fraud/alerts?alert=${one.sequence}`);
  await officer.press('fraud.take');
  await page.locator('aside dd').getByText('minji').waitFor();
  await see(officer, 'fraud-alert');
  await officer.press('fraud.open_case');
  await officer.open().getByLabel(t('reason')).fill('사기의심계좌로 가는 지급');
  await see(officer, 'fraud-case-sheet');
  await officer.pressInside('fraud.open_case_verb');
  await page.waitForURL(/cases\/1$/);
  await page.getByLabel(t('fraud.note'), { exact: true }).fill('받는 계좌의 은행에 지급정지를 요청했습니다');
  await officer.press('fraud.note_add');
  await page.locator('li').getByText('받는 계좌의 은행에 지급정지를 요청했습니다').waitFor();
  await officer.press('fraud.case_close');
  await officer.open().getByLabel(t('reason')).fill('고객이 사기라고 확인했습니다');
  await see(officer, 'fraud-case-close');
  await officer.pressInside('fraud.case_close_verb');
  await officer.closed();
  await page.getByText(t('fraud.case_waits')).waitFor();
  check((await page.getByRole('button', { name: t('fraud.case_agree_to'), exact: true }).count()) === 0, 'nobody closes a case alone');
  await see(officer, 'fraud-case-waits');
  await analyst.go('/fraud/cases/1');
  await analyst.press('fraud.case_agree_to');
  await analyst.open().getByLabel(analyst.t('reason')).fill('the customer says so');
  await see(analyst, 'fraud-case-agree');
  await analyst.pressInside('approval.agree');
  await analyst.closed();
  await analyst.page.locator('.status').filter({ hasText: analyst.t('fraud.case.closed') }).first().waitFor();
  await see(analyst, 'fraud-case-closed');
  const { alert } = await officer.read(`/api/v1/fraud/alerts/${one.sequence}`);
  check(alert.outcome === 'fraud', `the alerts of a case end with it (${alert.outcome})`);
  await phone.go('/fraud/alerts');
  await phone.page.locator('tbody tr').first().click();
  await phone.page.locator('aside dl').first().waitFor();
  await see(phone, 'fraud-alert');
}

/** A held payment: the customer is told first, checked next, and two people lift the measure. */
async function measured({ check, see, officer, analyst, phone }) {
  const { page, t } = officer;
  await officer.go('/fraud/measures');
  await page.locator('tbody tr').first().waitFor();
  const { items } = await officer.read('/api/v1/fraud/measures');
  const held = items.find((one) => one.event === 'after-the-list');
  await officer.go(`/fraud/measures?measure=${held.sequence}`);
  await page.getByText(t('fraud.tell_first')).waitFor();
  check((await page.getByRole('button', { name: t('fraud.release'), exact: true }).count()) === 0, 'nothing is offered before the customer was told');
  await see(officer, 'fraud-measure-placed');
  await officer.press('fraud.was_told');
  await officer.press('fraud.check_passed');
  await officer.press('fraud.release');
  await officer.open().getByLabel(t('reason')).fill('고객 본인이 보낸 것으로 확인했습니다');
  await see(officer, 'fraud-release-sheet');
  await officer.pressInside('fraud.put.ask');
  await officer.closed();
  await page.getByText(t('fraud.release_mine')).waitFor();
  check((await page.getByRole('button', { name: t('fraud.release_agree'), exact: true }).count()) === 0, 'nobody lifts a measure alone');
  await see(officer, 'fraud-release-asked');
  await analyst.go(`/fraud/measures?measure=${held.sequence}`);
  await analyst.press('fraud.release_agree');
  await analyst.open().getByLabel(analyst.t('reason')).fill('heard the recording of the call');
  await analyst.pressInside('approval.agree');
  await analyst.closed();
  await analyst.page.locator('aside .status').filter({ hasText: analyst.t('fraud.measure.released') }).waitFor();
  await see(analyst, 'fraud-released');
  const after = await officer.read(`/api/v1/fraud/measures/${held.sequence}`);
  check(after.state === 'released' && after.steps.map((step) => step.step).join() === 'placed,notified,identity_checked,release_asked,released', `two people lift a measure, and every step is kept (${after.steps.map((step) => step.step)})`);
  await phone.go(`/fraud/measures?measure=${held.sequence}`);
  await phone.page.locator('aside ol').waitFor();
  await see(phone, 'fraud-measure');
}
