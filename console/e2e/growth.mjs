// What a page asks for does not grow with the bank: the same pages in two banks, one four times as large.
import { house as build } from './house.mjs';
import { furnish, MARKS, visit } from './size.mjs';

/** Customers of the two banks. */
const [FEW, MANY] = [6_000, 24_000];
/** How much more a page may ask for in the larger one: longer figures, and a list that is full in one of them only. */
const [GROWTH_MAX, GROWTH_BYTES] = [1.1, 1_000];

/** No page asks for more in the larger bank. These are counts; the times are measured by `bench.mjs`. */
export async function growth({ browser, binary, check }) {
  const small = await asked(browser, binary, FEW);
  const large = await asked(browser, binary, MANY);
  check(large.people > small.people * 2, `the larger bank has the larger leak (${small.people} and ${large.people} people)`);
  for (const path of Object.keys(MARKS)) {
    const [few, many] = [small.pages[path], large.pages[path]];
    const isBound = many.answers <= few.answers && many.bytes <= few.bytes * GROWTH_MAX + GROWTH_BYTES;
    check(isBound, `${path} asks for the same in the larger bank (${few.bytes} and ${many.bytes} bytes, ${many.answers} answers)`);
  }
}

async function asked(browser, binary, subjects) {
  const house = await build({ binary, subjects });
  try {
    const officer = await furnish({ browser, origin: house.upstream, house });
    const pages = {};
    for (const path of Object.keys(MARKS)) pages[path] = await visit(officer, path);
    await officer.context.close();
    return { people: officer.people, pages };
  } finally {
    await house.close();
  }
}
