// The days on which things fail, with the real server: it dies while somebody types, it is busy, the session is over;
// nothing is there yet; and names are as people's names are. Then what hands and eyes need: focus that is seen,
// targets that can be hit, nothing by drag alone, a narrow phone and a large zoom.
import { answering, look, signIn } from './browser.mjs';
import { words } from './words.mjs';

/** Narrowest phone, and a small laptop at 200 %, in pixels. */
const NARROW = [
  { width: 360, height: 740 },
  { width: 640, height: 400 }
];
const PLACES = ['/', '/trace', '/incidents', '/subjects', '/outsiders', '/approvals', '/drill', '/log', '/settings'];

/** Runs it. `given` is as for the day, with the name and secret of an officer, and fault(act) of the line in between. */
export async function trouble(given) {
  await Promise.all([nothingYet(given), names(given)]);
  await Promise.all([nicknames(given), reach(given)]);
  await small(given);
  await killed(given);
}

/** The server is killed while somebody types; the text is kept, also over a reload; the next server goes on. */
async function killed({ browser, origin, house, name, secret, check, see }) {
  const window = await look(browser, { origin, language: 'en' });
  const { page } = window;
  const t = words('en');
  await signIn(page, origin, name, secret);
  await page.goto(`${origin}/incidents`);
  const open = () => page.locator('dialog[open]');
  const begin = async () => {
    await page.getByRole('button', { name: t('incident.new') }).click();
    return open().getByLabel(t('incident.title'));
  };
  const title = 'A copy in a bucket, found on a Friday';
  await (await begin()).pressSequentially(title.slice(0, 20));
  await house.stop('SIGKILL');
  await open().getByLabel(t('incident.title')).pressSequentially(title.slice(20));
  await open().getByRole('button', { name: t('incident.open'), exact: true }).click();
  await open().getByRole('alert').waitFor({ timeout: 30_000 });
  const said = await open().getByRole('alert').textContent();
  check(said.includes(t('problem.offline.what')) && said.includes(t('problem.offline.do')), 'a server that is gone is said to be gone, and what to do');
  check((await open().getByLabel(t('incident.title')).inputValue()) === title, 'what was typed while the server died is there');
  await see(window, 'trouble-gone');
  await page.reload();
  await page.getByRole('alert').first().waitFor();
  await see(window, 'trouble-gone-reload');
  await house.begin();
  await page.getByRole('button', { name: t('again') }).first().click();
  await page.getByRole('heading', { name: t('rail.incidents') }).waitFor();
  check((await (await begin()).inputValue()) === title, 'the next server has the page back, with the text');
  await open().getByRole('button', { name: t('incident.open'), exact: true }).click();
  await page.waitForURL(/incidents\/L-\d+/);
  await page.locator('h1').getByText(title).waitFor();
  check((await page.locator('h1').textContent()).includes(title), 'and what was typed is sent once');
  const all = await page.evaluate(async () => (await (await fetch('/api/v1/incidents')).json()).items);
  check(all.filter((one) => one.title === title).length === 1, 'it is there once');
  window.troubles.splice(0);
  await window.context.close();
}

/** What a house has that was opened today: every list says what would make a row appear. */
const EMPTY = {
  'GET /api/v1/incidents': [],
  'GET /api/v1/approvals': [],
  'GET /api/v1/processors': [],
  'GET /api/v1/disclosures': [],
  'GET /api/v1/deliveries': [],
  'GET /api/v1/traces': [],
  'GET /api/v1/drills': [],
  'GET /api/v1/audit': [],
  'GET /api/v1/domains': [],
  'GET /api/v1/passkeys': []
};

async function nothingYet({ browser, origin, name, secret, check, see }) {
  for (const language of ['ko', 'en']) {
    const window = await look(browser, { origin, language, ...(language === 'en' ? { width: 360, height: 740 } : {}) });
    const { page } = window;
    await signIn(page, origin, name, secret);
    await answering(window, Object.fromEntries(Object.entries(EMPTY).map(([path, items]) => [path, { schema: 1, items, next: null }])));
    for (const place of PLACES) {
      await page.goto(origin + place);
      await see(window, `empty-${place === '/' ? 'today' : place.slice(1)}`);
      const text = await page.locator('main').textContent();
      if (/undefined|NaN|Invalid Date|\[object|\{\w+\}/.test(text)) check(false, `an empty ${place} says something odd (${window.name})`);
      if (['/incidents', '/outsiders', '/approvals', '/log'].includes(place)) {
        const empty = await page.locator('.empty').first().textContent().catch(() => '');
        check(empty.trim().length > 15, `an empty ${place} says what would make a row appear (${window.name})`);
      }
    }
    await window.context.close();
  }
}

const FAMILY = '👩‍👩‍👧‍👦🪨🇰🇷';
/** Names as people and firms have them, and as somebody gives them who wants to do harm. */
const NAMES = {
  long: '가'.repeat(10_000),
  wide: 'W'.repeat(10_000),
  hebrew: 'מכתב הגנה בע״מ',
  arabic: 'مكتب حماية البيانات',
  override: 'Trusted \u202Egnp.exe\u202C firm',
  unended: '\u202Ednuof ton',
  isolate: '\u2067אבג 123',
  family: FAMILY.repeat(40),
  marks: `Z${'\u0301\u0316'.repeat(200)}alg\u0308o`,
  markup: '<b>none</b> & "quotes" <img src=x>',
  spaces: '\u3000 \u00A0 name \u200B\u200B',
  lines: 'one\ntwo\r\nthree'
};

/** Odd names on the pages that show what others typed: nothing is too wide, moved, or turned round. */
async function names({ browser, origin, name, secret, check, see }) {
  const all = Object.values(NAMES);
  const at = new Date().toISOString();
  const incident = (word, place) => ({ id: `L-${place + 1}`, title: word, source: 'finding', processor: `P-${place + 1}`, state: 'open', aware_at: at, opened_at: at, opened_by: word.slice(0, 40), closed_at: null });
  const answers = {
    'GET /api/v1/processors': { schema: 1, items: all.map((word, place) => ({ id: `P-${place + 1}`, name: word, relation: 'outsourcing', created_at: at })) },
    'GET /api/v1/incidents': { schema: 1, items: all.map(incident), next: null },
    'GET /api/v1/approvals': { schema: 1, items: all.map((word, place) => ({ id: `A-${place + 1}`, act: 'disclose.raw', summary: word, requested_by: word, expires_at: at, state: 'open' })) }
  };
  for (const way of [{ language: 'ko' }, { language: 'en', theme: 'dark', width: 360, height: 740 }]) {
    const window = await look(browser, { origin, ...way });
    const { page } = window;
    await signIn(page, origin, name, secret);
    await page.goto(`${origin}/outsiders`);
    await page.locator('tbody tr').first().waitFor();
    await answering(window, answers);
    for (const place of ['/outsiders', '/incidents', '/approvals']) {
      await page.goto(origin + place);
      await page.locator('tbody tr').nth(3).waitFor();
      await see(window, `names-${place.slice(1)}`);
      for (const line of await turned(page)) check(false, `${place} (${window.name}): ${line}`);
      check((await page.locator('tbody b, tbody img').count()) === 0, `on ${place} a name is never markup (${window.name})`);
    }
    window.troubles.splice(0);
    await window.context.close();
  }
}

/** Nicknames as people have them, revealed: each stays in its place, and what stands around it stays where it was. */
async function nicknames({ browser, origin, name, secret, check, see }) {
  for (const way of [{ language: 'ko' }, { language: 'en', width: 360, height: 740 }]) {
    const window = await look(browser, { origin, ...way });
    const { page } = window;
    const t = words(way.language);
    await signIn(page, origin, name, secret);
    let value = '';
    const values = ['nickname', 'phone'].map((kind) => ({ kind, masked: '•••' }));
    await answering(window, { 'GET /api/v1/subjects/somebody': { schema: 1, subject: { id: 'somebody', language: 'ko', values, seen_by: ['auditor'] } }, 'GET /api/v1/subjects/somebody/holdings': { schema: 1, items: [] } });
    await page.route(/subjects\/somebody\/reveal/, (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ schema: 1, values: [{ kind: 'nickname', value }], expires_in: 60 }) }));
    await page.goto(`${origin}/subjects/somebody`);
    for (const [kind, nickname] of Object.entries(NAMES)) {
      value = nickname;
      await page.getByRole('button', { name: t('masked.reveal') }).first().click();
      await page.locator('dialog[open]').getByLabel(t('masked.purpose')).fill('call back, case 42');
      await page.keyboard.press('Enter');
      const hide = page.getByRole('button', { name: t('masked.hide') });
      await hide.waitFor();
      const wrong = await page.evaluate(stayed, nickname);
      check(wrong.length === 0, `a nickname (${kind}) stays in its place ${wrong.join(', ')} (${window.name})`);
      if (kind === 'long') await see(window, 'nickname-long');
      if (kind === 'marks') await see(window, 'nickname-marks');
      await hide.click();
    }
    window.troubles.splice(0);
    await window.context.close();
  }
}

/** In the page: what a revealed nickname did to its surroundings. */
function stayed(nickname) {
  const wrong = [];
  const shown = [...document.querySelectorAll('main bdi')].find((one) => one.textContent === nickname);
  if (!shown) return ['is not there, letter by letter'];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('is too wide');
  const box = shown.getBoundingClientRect();
  if (box.height > 200) wrong.push(`is ${Math.round(box.height)} px high`);
  if (getComputedStyle(shown).overflowY === 'visible') wrong.push('may reach over its neighbours');
  const [first, second] = [...document.querySelectorAll('main dl.values dt')].map((one) => one.getBoundingClientRect());
  if (!(first.top < second.top) || second.top < box.bottom - 1) wrong.push('stands on the next line');
  return wrong;
}

/**
 * What odd names do to their neighbours: each text that came from outside stands in an element of its own direction
 * (`bdi`, `input`, or a whole option), so that an override inside cannot reach out; and no row is higher for its marks.
 */
function turned(page) {
  return page.evaluate(() => {
    const wrong = [];
    const odd = /[\u0590-\u06FF\u202A-\u202E\u2066-\u2069]/;
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const own = node.parentElement;
      if (odd.test(node.data) && !own.closest('bdi, [dir=auto], option, .read-aloud-only')) wrong.push(`an open direction: <${own.tagName.toLowerCase()} class="${own.className}">`);
    }
    const heights = [...document.querySelectorAll('tbody tr:not(.rest)')].map((row) => row.getBoundingClientRect().height);
    const isTable = getComputedStyle(document.querySelector('tbody tr')).display === 'table-row';
    if (isTable && Math.max(...heights) - Math.min(...heights) > 1) wrong.push(`rows of ${Math.min(...heights)} to ${Math.max(...heights)} px`);
    if (!isTable && Math.max(...heights) > 800) wrong.push(`a card of ${Math.max(...heights)} px`);
    return wrong;
  });
}

/** By the keyboard through every page: the focus is seen, and nothing stands before it (WCAG 2.2, 2.4.7 and 2.4.11). */
async function reach({ browser, origin, name, secret, check }) {
  const window = await look(browser, { origin, language: 'en', width: 1100, height: 700 });
  const { page } = window;
  await signIn(page, origin, name, secret);
  for (const place of [...PLACES, '/outsiders/P-1', '/outsiders/P-1?tab=domains']) {
    await page.goto(origin + place);
    await page.locator('main h1').first().waitFor();
    await page.waitForTimeout(300);
    const wrong = new Set();
    let stops = 0;
    for (; stops < 60; stops += 1) {
      await page.keyboard.press('Tab');
      const said = await page.evaluate(seenFocus);
      if (said === 'end') break;
      if (said) wrong.add(said);
    }
    for (const line of wrong) check(false, `${place}: ${line}`);
    check(stops > 5 && wrong.size === 0, `on ${place} the focus is seen at each of ${stops} stops`);
    for (const line of await hits(page)) check(false, `${place}: ${line}`);
  }
  check((await page.locator('[draggable=true]').count()) === 0, 'nothing asks to be dragged');
  await page.goto(`${origin}/trace`);
  await page.locator('input[type=file]').waitFor({ state: 'attached' });
  check((await page.locator('input[type=file]').count()) > 0, 'a file that can be dropped can be chosen, too');
  window.troubles.splice(0);
  await window.context.close();
}

/** In the page: what is wrong with how the focus is seen; `end` when it has left the page. */
function seenFocus() {
  const one = document.activeElement;
  if (!one || one === document.body) return 'end';
  const name = `<${one.tagName.toLowerCase()}> ${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 30)}`;
  const box = one.getBoundingClientRect();
  if (box.width < 2 || box.height < 2) return one.closest('label, .drop') ? '' : `${name} has the focus and no place`;
  const style = getComputedStyle(one);
  const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  if (!isMarked && one.id !== 'content') return `${name} has the focus and does not show it`;
  // Somewhere in it must be seen: its corners and its middle, a little inside.
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const inside = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  const isSeen = inside.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.contains(one) || top.closest('label')?.contains(one));
  });
  return isSeen ? '' : `${name} has the focus behind something`;
}

/** In the page: targets under 24 by 24 pixels that are no words in a sentence, and have another target closer than that (2.5.8). */
function hits(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input, select, summary, [role=tab]')]
      .filter((one) => one.checkVisibility() && !one.closest('.skip, .svelte-flow__attribution'))
      .map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    const isWord = (one) => one.tagName === 'A' && one.closest('p, li, dd, td') && getComputedStyle(one).display === 'inline';
    const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    return all
      .filter(({ one, box }) => (box.width < 24 || box.height < 24) && !isWord(one))
      .filter(({ one, box }) => {
        const [x, y] = middle(box);
        return all.some((other) => other.one !== one && !other.one.contains(one) && !one.contains(other.one) && Math.hypot(middle(other.box)[0] - x, middle(other.box)[1] - y) < 24);
      })
      .map(({ one, box }) => `a target of ${Math.round(box.width)} × ${Math.round(box.height)} px close to another: ${one.outerHTML.slice(0, 90)}`);
  });
}

/** On a narrow phone and at 200 %: no sideways scrolling, no text cut off, every deed in reach. */
async function small({ browser, origin, name, secret, check, see }) {
  for (const size of NARROW) {
    const window = await look(browser, { origin, language: 'en', ...size });
    const wide = await look(browser, { origin, language: 'en' });
    await signIn(window.page, origin, name, secret);
    await signIn(wide.page, origin, name, secret);
    for (const place of [...PLACES, '/outsiders/P-1']) {
      const deeds = [];
      for (const one of [wide, window]) {
        await one.page.goto(origin + place);
        await one.page.locator('main h1').first().waitFor();
        await one.page.waitForTimeout(400);
        deeds.push(new Set(await one.page.locator('main').getByRole('button').allTextContents()));
      }
      await see(window, `small-${place === '/' ? 'today' : place.slice(1).replaceAll('/', '_')}`);
      const lost = [...deeds[0]].map((text) => text.trim()).filter((text) => text && ![...deeds[1]].some((other) => other.trim() === text));
      check(lost.length === 0, `at ${size.width} px ${place} offers what it offers at 1440 (${lost.join(', ')})`);
    }
    window.troubles.splice(0);
    await window.context.close();
    await wide.context.close();
  }
}
