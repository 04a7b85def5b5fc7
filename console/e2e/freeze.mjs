// Makes the frozen data folder of a step: what its program wrote, for the tests of later programs to open. In it are people
// who do not exist, staff with a passkey, a traced file, an incident with facts, clocks of which one waits, a notice that
// two people agreed to, and its posting. Run once at the end of a step, never again:
//   DOLDAM_BINARY=../target/release/doldam node e2e/freeze.mjs ../frozen/step-N
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { look, signIn, start } from './browser.mjs';
import { hand, invited } from './day.mjs';
import { house as build } from './house.mjs';
import { furnish } from './size.mjs';

/** Customers: few, because the folder stays in the repository for ever. */
const SUBJECTS = 120;
const BYTES_MAX = 1_000_000;
const NOTICE = 'kr-pipa-notice-2026';
const REPORT = 'kr-pipa-report-2026';
const INCIDENT = '/api/v1/incidents/L-1';

const folder = resolve(process.argv[2] ?? '');
if (!process.argv[2] || existsSync(folder)) throw new Error('name a folder that is not there yet');
const house = await build({ binary: resolve(process.env.DOLDAM_BINARY ?? '../target/release/doldam'), subjects: SUBJECTS });
const origin = house.upstream.replace('127.0.0.1', 'localhost');
const browser = await start();
/** Asks, and takes nothing but success for an answer. */
const asked = async (who, path, body) => {
  const { status, body: answer } = await who.post(path, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${answer?.detail}`);
  return answer;
};

try {
  const officer = await furnish({ browser, origin, house });
  await withPasskey(officer);
  await told(officer);
  // A report is owed from 1,000 people on.
  await asked(officer, `${INCIDENT}/facts`, { facts: { subjects: '1200' } });
  await asked(officer, `${INCIDENT}/duties/start`, {});
  await asked(officer, `${INCIDENT}/duties/${REPORT}/wait`, { reason: 'disaster_or_unavoidable', evidence: 'minutes:1' });
  await house.stop();
  keep();
} finally {
  await browser.close();
  await house.close();
}

async function withPasskey({ page, context }) {
  const debug = await context.newCDPSession(page);
  await debug.send('WebAuthn.enable');
  await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  });
  await page.goto(`${origin}/settings`);
  await page.getByLabel('Name', { exact: true }).fill('blue key');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('blue key').waitFor();
}

/** The notice: drafted, agreed to by two others, and put up on the web site. */
async function told(officer) {
  const nothing = () => {};
  const third = await invited({ browser, origin, check: nothing, see: nothing }, officer);
  const second = hand(await look(browser, { origin }), 'ko');
  await signIn(second.page, origin, 'bora', house.secret('bora'));
  await asked(officer, `${INCIDENT}/containment`, { reason: 'its copy was found outside' });
  const { number } = await asked(officer, `${INCIDENT}/notices`, { duty: NOTICE, stage: 'first' });
  let digest;
  for (const one of [second, third]) {
    ({ digest } = await asked(one, `${INCIDENT}/notices/${number}/preview`, {}));
    await asked(one, `${INCIDENT}/notices/${number}/approve`, { digest });
  }
  await asked(officer, `${INCIDENT}/postings`, { notice: number, digest });
}

/** Takes the data folder and its anchor; what only a running server has stays behind. */
function keep() {
  mkdirSync(folder, { recursive: true });
  cpSync(house.data, join(folder, 'var'), { recursive: true, filter: (path) => !/\.(sock|password|secret|log)$|doldam\.toml$/.test(path) });
  cpSync(`${house.data}.anchor.jsonl`, join(folder, 'anchor.jsonl'));
  const size = (path) => (statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0) : statSync(path).size);
  console.log(`${folder}: ${size(folder)} bytes of at most ${BYTES_MAX}`);
}
