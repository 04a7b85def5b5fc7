import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from '../../../messages/en.json';
import ko from '../../../messages/ko.json';
import { bytes, duration, fill, relative, zone } from './format';

const names = (message: string) => [...new Set([...message.matchAll(/\{(\w+)/g)].map((found) => found[1]))].sort();

test('both languages have the same keys and the same values in their braces', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
  for (const [key, message] of Object.entries(ko)) {
    const english = (en as Record<string, string>)[key] ?? '';
    for (const name of names(message)) expect(names(english), key).toContain(name);
    // English may need a number that Korean does not, to choose between one and many.
    const said = english.replaceAll(/\{\w+\|[^}]*\}/g, '');
    for (const name of names(said)) expect(names(message), key).toContain(name);
  }
});

test('nothing shouts, and Korean sentences end politely', () => {
  for (const [key, message] of [...Object.entries(ko), ...Object.entries(en)]) {
    expect(message, key).not.toMatch(/!/);
  }
  for (const [key, message] of Object.entries(ko)) {
    expect(message, key).not.toMatch(/(요|한다|했다|된다)\.(\s|$)/);
  }
});

test('a particle follows the last sound of the word before it', () => {
  const after = (name: string) => fill('{name:이/가} {name:을/를} {name:으로/로}', { name }, 'ko');
  expect(after('너울빛체인')).toBe('너울빛체인이 너울빛체인을 너울빛체인으로');
  expect(after('고래')).toBe('고래가 고래를 고래로');
  expect(after('메일')).toBe('메일이 메일을 메일로');
  expect(after('P-1')).toBe('P-1이 P-1을 P-1로');
  expect(after('P-2')).toBe('P-2가 P-2를 P-2로');
  expect(after('P-3')).toBe('P-3이 P-3을 P-3으로');
});

test('English knows one from many', () => {
  const people = '{count} {count|person|people}';
  expect(fill(people, { count: 1 }, 'en')).toBe('1 person');
  expect(fill(people, { count: 17_551 }, 'en')).toBe('17,551 people');
});

test('a value with braces or dollars is not read as a message', () => {
  expect(fill('{a} {b}', { a: '{b} $1', b: 'x' }, 'en')).toBe('{b} $1 x');
});

test('lengths and distances of time have their largest units', () => {
  expect(duration(148_320_000, 'en')).toBe('1 day 17 hrs');
  expect(duration(81, 'en')).toBe('81 ms');
  expect(duration(4_200, 'en')).toBe('4.2 secs');
  expect(relative(0, 7_200_000, 'en')).toBe('2 hours ago');
  expect(bytes(1_234_567, 'en')).toBe('1.2 MB');
});

test('a zone has the name that people use for it', () => {
  expect(zone(0, 'Asia/Seoul')).toBe('KST');
  expect(zone(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe('CEST');
});

test('each key is used somewhere', () => {
  const source = sources().map((path) => readFileSync(path, 'utf8')).join('\n');
  const composed = /^(act|approval\.part|house|log\.fault|clock|code|field|origin|outcome|problem|reason|relation|role|scope|state|step|status|verdict|certainty|source|duty|grade|event|trouble|kind|settings\.density|settings\.theme)\./;
  const unused = Object.keys(ko).filter((key) => !composed.test(key) && !source.includes(`'${key}'`));
  expect(unused).toEqual([]);
});

function sources(): string[] {
  const root = new URL('../../', import.meta.url).pathname;
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(svelte|ts)$/.test(path) && !path.includes('schema.d.ts'))
    .map((path) => root + path);
}
