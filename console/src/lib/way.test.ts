import { expect, test } from 'vitest';
import { keepWay, takeWay } from './way';

function memory() {
  const held = new Map<string, string>();
  return { getItem: (key: string) => held.get(key) ?? null, setItem: (key: string, value: string) => void held.set(key, value), removeItem: (key: string) => void held.delete(key) };
}

test('where somebody wanted to go is kept once', () => {
  const store = memory();
  keepWay('/incidents/L-1?tab=people', store);
  expect(takeWay(store)).toBe('/incidents/L-1?tab=people');
  expect(takeWay(store)).toBeNull();
});

test('no other site is kept, and an older wish is forgotten', () => {
  const store = memory();
  for (const odd of ['//evil.example', 'https://evil.example', '/sign-in/back', null]) {
    keepWay('/log', store);
    keepWay(odd, store);
    expect(takeWay(store)).toBeNull();
  }
});
