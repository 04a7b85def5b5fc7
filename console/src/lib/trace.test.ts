import { expect, test } from 'vitest';
import { inHeader } from './trace';

test('a purpose in any letters goes into a header', () => {
  expect(inHeader('a tip, 100 %')).toBe('a tip, 100 %');
  expect(inHeader('제보 1')).toBe("UTF-8''%EC%A0%9C%EB%B3%B4%201");
  expect(inHeader("utf-8''x")).toBe("UTF-8''utf-8''x");
  expect(() => new Headers({ 'Doldam-Purpose': inHeader('🪨 제보\n') })).not.toThrow();
});
