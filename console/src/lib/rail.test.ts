import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operations } from './api/operations';
import { placesFor, rail } from './rail';
import { wayBackIsSafe } from './way';

test('each line of the rail has its folder', () => {
  for (const { path } of rail) {
    expect(existsSync(new URL(`../routes/(desk)${path === '/' ? '' : path}/+page.svelte`, import.meta.url)), path).toBe(true);
  }
});

test('a module that is off disappears, and so does what may not be done', () => {
  const officer = { may: [...operations] };
  const inspector = { may: operations.filter((name) => !name.includes('/audit')) };
  const all = rail.map((place) => place.needs);
  expect(placesFor(officer, all)).toHaveLength(rail.length);
  expect(placesFor(officer, all.filter((name) => !name.includes('/drills'))).map((place) => place.path)).not.toContain('/drill');
  expect(placesFor(inspector, all).map((place) => place.path)).not.toContain('/log');
  expect(placesFor(undefined, all)).toEqual([]);
});

test('signing in leads back to this console only', () => {
  expect(wayBackIsSafe('/outsiders/P-1?tab=keys')).toBe(true);
  for (const other of ['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in?next=/']) {
    expect(wayBackIsSafe(other), other).toBe(false);
  }
});
