import { expect, test, vi } from 'vitest';

vi.mock('./i18n/index.svelte', async () => {
  const { default: messages } = await import('../../messages/en.json');
  const { fill, number } = await import('./i18n/format');
  const told = (key: string, otherwise: string, values = {}) => fill((messages as Record<string, string>)[key] ?? otherwise, values, 'en');
  return { language: () => 'en', told, t: (key: string, values = {}) => told(key, key, values), day: (at: string) => at, number: (value: number) => number(value, 'en'), stamp: (at: string) => `at ${at}` };
});
const { factsOfLine, namesOf, objectOfLine, saidInLog } = await import('./telling');

const line = (what: string, object: string, facts: object, actor = 'minji') => ({ seq: 1, at: '', recorded_at: '', actor, what, object, facts }) as never;
const names = namesOf([{ id: 'kr-a', title: { ko: '가', en: 'Tell them' } }] as never, [line('notice.draft', '', {}), line('notice.approve', '1', { by: 'S-2' }, 'bora')], [{ id: 'P-1', name: 'Chain Ltd' }], 'en');

test('a line is told without the words of the machine', () => {
  const proof = { suspended: ['M-3', 'M-4'], at: '2026-11-23T20:38:06Z' };
  expect(factsOfLine(line('contain.prove', 'P-1', { means: 'domains', proof }), names).map((fact) => fact.text)).toEqual(['domains', 'M-3, M-4', 'at 2026-11-23T20:38:06Z']);
  expect(factsOfLine(line('clock.record', 'kr-a', { what: 'stopped', word: 'posting_proof', reference: 'posting:1', persons: null }), names)).toHaveLength(3);
  expect(factsOfLine(line('notice.approve', '1', { by: 'S-2' }), names)[0]?.text).toBe('bora');
  expect(factsOfLine(line('notice.approve', '1', { by: 'S-2' }, 'bora'), names)).toEqual([]);
  expect(factsOfLine(line('posting.put_up', '', { page: 'ab'.repeat(32) }), names)[0]?.text).toHaveLength(12);
});

test('what a line was done to has its name', () => {
  expect(objectOfLine(line('notice.draft', 'kr-a', {}), names)).toBe('Tell them');
  expect(objectOfLine(line('notice.approve', '1', {}), names)).toContain('1');
  expect(objectOfLine(line('contain.order', 'P-1', {}), names)).toBe('Chain Ltd (P-1)');
  expect(names.author(1)).toBe('minji');
  expect(names.author(2)).toBeUndefined();
});

test('what the house writes into the log is said in words, what people write stays', () => {
  expect(saidInLog('notice to the people hit by incident L-7')).toContain('L-7');
  expect(saidInLog('a call of a customer, case 7')).toBe('a call of a customer, case 7');
});
