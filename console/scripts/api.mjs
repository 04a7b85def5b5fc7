// Writes the typed client's types from ../openapi.json, the list of what the server can do,
// and the words of the rule table. A test says whether all three are current.
import { readFileSync, writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';

const source = new URL('../../openapi.json', import.meta.url);
const target = new URL('../src/lib/api/schema.d.ts', import.meta.url);
const list = new URL('../src/lib/api/operations.ts', import.meta.url);
const law = new URL('../../crates/response/rules/words.toml', import.meta.url);
const waits = new URL('../../crates/response/rules/delays.toml', import.meta.url);
const words = new URL('../src/lib/words.json', import.meta.url);

const read = () => JSON.parse(readFileSync(source, 'utf8'));

/** The types, as they ought to be. The document's operationIds repeat, and nothing here needs them. */
export async function types() {
  const document = read();
  for (const verbs of Object.values(document.paths)) {
    for (const operation of Object.values(verbs)) delete operation.operationId;
  }
  return `// Made from openapi.json by \`npm run api\`.\n${astToString(await openapi(document))}`;
}

/** What the server can do, as `GET /path`: a page whose operation is missing is not offered. */
export function operations() {
  const { paths } = read();
  const names = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`)
  );
  const lines = names.sort().map((name) => `  '${name}'`);
  return `// Made from openapi.json by \`npm run api\`.\nexport const operations: readonly string[] = [\n${lines.join(',\n')}\n];\n`;
}

/** What the words of the rule table are called: vocabulary, word, language. */
export function vocabulary() {
  /** @type {Record<string, Record<string, {ko: string, en: string}>>} */
  const tables = {};
  let table = '';
  for (const line of readFileSync(law, 'utf8').split('\n')) {
    const [, head] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, word, texts] = /^([\w-]+) = (\["(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*"\])/.exec(line) ?? [];
    if (head) tables[(table = head)] = {};
    else if (word && texts && table) {
      const [ko, en] = JSON.parse(texts);
      tables[table] = { ...tables[table], [word]: { ko, en } };
    } else if (line.trim() && !line.startsWith('#')) throw new Error(`words.toml has a line that is not understood: ${line}`);
  }
  return `${JSON.stringify({ ...tables, delay: delays() }, null, 1)}\n`;
}

/** What the reasons for which a clock may wait are called. */
function delays() {
  const texts = [...readFileSync(waits, 'utf8').matchAll(/^id = "(\w+)"[^[]*?^ko = "(.*)"$[^[]*?^en = "(.*)"$/gm)];
  return Object.fromEntries(texts.map(([, id, ko, en]) => [id, { ko, en }]));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  writeFileSync(target, await types());
  writeFileSync(list, operations());
  writeFileSync(words, vocabulary());
}
