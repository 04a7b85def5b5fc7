import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operations, types, vocabulary } from '../../../scripts/api.mjs';
import { Act, once, type Answer } from './act';
import { Problem } from './problem';

const held = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const answer = (status: number, data?: unknown, headers: Record<string, string> = {}): Answer<unknown> => ({
  ...(status < 400 ? { data } : { error: data }),
  response: new Response(null, { status, headers })
});
const noPause = async () => {};

test('the types are those of the server’s document', async () => {
  expect(held('./schema.d.ts')).toBe(await types());
  expect(held('./operations.ts')).toBe(operations());
  expect(held('../words.json')).toBe(vocabulary());
});

test('an act keeps its key while the server is silent or busy', async () => {
  const keys: string[] = [];
  const answers = [() => { throw new TypeError('no line'); }, () => answer(503, {}, { 'retry-after': '1' }), () => answer(201, 'made')];
  const data = await once(new Act(), { a: 1 }, async (key) => { keys.push(key); return answers[keys.length - 1]!(); }, noPause);
  expect(data).toBe('made');
  expect(new Set(keys).size).toBe(1);
  expect(keys).toHaveLength(3);
});

test('an act that was given up keeps its key for the next press of the button', async () => {
  const act = new Act();
  const keys: string[] = [];
  const silent = async (key: string) => { keys.push(key); throw new TypeError('no line'); };
  await expect(once(act, { a: 1 }, silent, noPause)).rejects.toThrow(Problem);
  await expect(once(act, { a: 1 }, silent, noPause)).rejects.toThrow(Problem);
  expect(new Set(keys).size).toBe(1);
  expect(act.key({ a: 2 })).not.toBe(keys[0]);
});

test('an act that was refused or done gets a new key', async () => {
  const act = new Act();
  const before = act.key({});
  await expect(once(act, {}, async () => answer(409, { code: 'x', detail: 'y' }), noPause)).rejects.toMatchObject({ kind: 'conflict', code: 'x' });
  const after = act.key({});
  expect(after).not.toBe(before);
  await once(act, {}, async () => answer(204), noPause);
  expect(act.key({})).not.toBe(after);
});

test('a problem says its kind, whatever the body', () => {
  expect(Problem.of(new Response(null, { status: 418 }), 'html')).toMatchObject({ kind: 'refused', detail: '' });
  expect(Problem.of(new Response(null, { status: 500 }), null)).toMatchObject({ kind: 'failed' });
  expect(Problem.from(new TypeError('no line'))).toMatchObject({ kind: 'offline', isPassing: true });
});
