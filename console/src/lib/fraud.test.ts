import { expect, test } from 'vitest';
import { painted, rangeOf, stopped } from './fraud';

test('a place in bytes is a place in the text', () => {
  const text = 'ko = "가🪨"\nwhen = "amuont"';
  const start = new TextEncoder().encode(text.slice(0, text.indexOf('amuont'))).length;
  const { from, to } = rangeOf(text, start, start + 6);
  expect(text.slice(from, to)).toBe('amuont');
});

test('a text cut at its faults is the text', () => {
  const text = 'when = "a + b"';
  const parts = painted(text, [{ from: 12, to: 13 }, { from: 8, to: 9 }, { from: 8, to: 11 }, { from: 14, to: 14 }]);
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(parts.filter((part) => part.isFault).map((part) => part.text)).toEqual(['a', ' +', 'b', '"']);
  expect(painted('', [{ from: 0, to: 0 }])).toEqual([]);
});

test('what was allowed is not stopped', () => {
  expect(stopped({ allow: 7, hold: 2, block: 1 })).toBe(3);
});
