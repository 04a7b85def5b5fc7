// Measures how long each page of the console takes until one can use it, with 1,000,000 customers and, in the same run,
// with the 17,551 of the leak that Doldam is built for. The banks are made by the program's own import, the pages are
// those that the program holds, the browser is a real Chromium. Usage:
//   DOLDAM_BINARY=../target/release/doldam node e2e/bench.mjs [--json] [--subjects N] [--times N]
// Exit code 1: some page took longer than a second.
import { resolve } from 'node:path';
import { start } from './browser.mjs';
import { house as build } from './house.mjs';
import { furnish, MARKS, visit } from './size.mjs';

/** The bar, in milliseconds, for the median. */
const USABLE_MS_MAX = 1000;
const PEER = 17_551;
const given = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const [subjects, times] = [given('subjects', 1_000_000), given('times', 5)];
const binary = resolve(process.env.DOLDAM_BINARY ?? '../target/release/doldam');
const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];

async function measured(browser, count) {
  const began = Date.now();
  const house = await build({ binary, subjects: count });
  console.error(`${count.toLocaleString('en')} customers enrolled and the doors open after ${Math.round((Date.now() - began) / 1000)} s`);
  try {
    const officer = await furnish({ browser, origin: house.upstream, house });
    const pages = {};
    for (const path of Object.keys(MARKS)) {
      await visit(officer, path);
      const visits = [];
      for (let time = 0; time < times; time += 1) visits.push(await visit(officer, path));
      const ms = visits.map((one) => one.ms);
      pages[path] = { ms: median(ms), ms_max: Math.max(...ms), answers: visits[0].answers, bytes: median(visits.map((one) => one.bytes)) };
      console.error(`  ${path} ${pages[path].ms} ms`);
    }
    await officer.context.close();
    return { subjects: count, people: officer.people, pages };
  } finally {
    await house.close();
  }
}

const browser = await start();
const all = [];
try {
  for (const count of [PEER, subjects]) all.push(await measured(browser, count));
} finally {
  await browser.close();
}
const [peer, large] = all;
const slow = Object.entries(large.pages).filter(([, one]) => one.ms > USABLE_MS_MAX).map(([path]) => path);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ schema: 1, times, usable_ms_max: USABLE_MS_MAX, slow, banks: all }));
} else {
  const line = (cells) => console.log(cells.map((cell, at) => (at === 0 ? String(cell).padEnd(28) : String(cell).padStart(15))).join(''));
  console.log(`until one can use a page, median of ${times}, in ms; ${large.people} and ${peer.people} people hit`);
  line(['page', `${large.subjects}`, 'worst', `${peer.subjects}`, 'bytes', 'bytes (peer)', 'answers']);
  for (const [path, one] of Object.entries(large.pages)) line([path, one.ms, one.ms_max, peer.pages[path].ms, one.bytes, peer.pages[path].bytes, one.answers]);
  console.log(slow.length === 0 ? `every page within ${USABLE_MS_MAX} ms` : `slower than ${USABLE_MS_MAX} ms: ${slow.join(' ')}`);
}
process.exitCode = slow.length > 0 ? 1 : 0;
