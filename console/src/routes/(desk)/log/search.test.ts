import { expect, test } from 'vitest';
import { NOTHING, queryOf } from './search';

test('what is not looked for is not asked for', () => {
  expect(queryOf(NOTHING)).toEqual({});
  expect(queryOf({ ...NOTHING, actor: ' minji ', action: 'subject.', object: 'p-1' })).toEqual({ actor: 'minji', action: 'subject.', object: 'P-1' });
});

test('a day is looked at from its beginning to its end', () => {
  const { from, until } = queryOf({ ...NOTHING, from: '2026-12-31', until: '2026-12-31' });
  expect(Date.parse(until!) - Date.parse(from!)).toBe(86_400_000);
  expect(new Date(from!).getHours()).toBe(0);
  expect(new Date(until!).getFullYear()).toBe(2027);
});
