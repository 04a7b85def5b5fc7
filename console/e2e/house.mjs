// A bank of its own in a temporary folder: the demo's data, a gateway, and a running doldam. Nothing of it is left.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { smsc } from './smsc.mjs';

/** Longest that a server may take to answer after its start. */
const START_MS = 30_000;

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

const channels = (port) => `
[company]
name_ko = "돌담은행"
name_en = "Doldam Bank"
department_ko = "개인정보보호부"
department_en = "Privacy Department"
telephone = "1599-0000"

[sms]
sender = "15990000"
senders_registered = ["15990000"]

[[gateway]]
name = "main"
address = "127.0.0.1:${port}"
system_id = "bank"
password_file = "gateway.password"
window = 4
response_seconds = 5
receipt_wait_seconds = 2
`;

/** The list of people that lies in a backup of the demo's developer, unpacked as a person would. */
function leakOf(developer, folder) {
  const handover = join(developer, 'old/2025/handover');
  const archive = readFileSync(join(handover, readdirSync(handover).find((name) => name.endsWith('.zip'))));
  // The first entry of the list at the end of the archive.
  const entry = archive.indexOf(Buffer.from('PK\x01\x02'));
  const [way, size, at] = [archive.readUInt16LE(entry + 10), archive.readUInt32LE(entry + 20), archive.readUInt32LE(entry + 42)];
  const from = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const bytes = archive.subarray(from, from + size);
  const leak = join(folder, 'members.csv');
  writeFileSync(leak, way === 8 ? inflateRawSync(bytes) : bytes);
  return leak;
}

/** Builds the house and opens its doors. `binary` is the program; `subjects` how many customers there are. */
export async function house({ binary, subjects = 2000 }) {
  const folder = mkdtempSync(join(tmpdir(), 'doldam-e2e-'));
  const data = join(folder, 'var');
  const doldam = (...words) => execFileSync(binary, ['--data', data, ...words], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  doldam('init', '--demo', '--subjects', String(subjects));
  const gateway = await smsc({ slowMs: 4, hangsUpAt: 120, failsEvery: 401 });
  const settings = join(data, 'doldam.toml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('[fraud]\nenabled = false', '[fraud]\nenabled = true'));
  appendFileSync(settings, channels(gateway.port));
  writeFileSync(join(data, 'gateway.password'), 'sesame\n', { mode: 0o600 });
  const [port, outside, open] = [await freePort(), await freePort(), await freePort()];
  const log = join(folder, 'server.log');
  const out = openSync(log, 'a', 0o600);
  const upstream = `http://127.0.0.1:${port}`;
  const doors = ['--staff-listen', `127.0.0.1:${port}`, '--processor-listen', `127.0.0.1:${outside}`, '--public-listen', `127.0.0.1:${open}`];
  let server;
  let ended;
  /** Ends the server: as at the end of a day, or at once, as when the power goes. */
  const stop = async (signal = 'SIGTERM') => {
    server.kill(signal);
    const slow = setTimeout(() => server.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(slow);
  };
  /** Opens the doors, the same ones each time. */
  const begin = async () => {
    server = spawn(binary, ['--data', data, 'serve', ...doors], { stdio: ['ignore', out, out], cwd: folder });
    ended = new Promise((done) => server.once('exit', done));
    await answers(upstream, server, log);
  };
  const close = async () => {
    await stop();
    gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await begin();
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const secret = (name) => readFileSync(join(data, `demo.${name}.secret`), 'utf8').trim();
  const doorsAre = { upstream, outside: `http://127.0.0.1:${outside}`, open: `http://127.0.0.1:${open}` };
  return { ...doorsAre, folder, data, doldam, gateway, leak: leakOf(`${data}.outside/developer`, folder), secret, log, stop, begin, close };
}

async function answers(upstream, server, log) {
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    if (server.exitCode !== null) break;
    const said = await fetch(`${upstream}/healthz`).catch(() => undefined);
    if (said?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the server did not start; its log ends with\n${readFileSync(log, 'utf8').slice(-2000)}`);
}
