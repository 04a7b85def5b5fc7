import { expect, test } from 'vitest';
import { axisOf, roleOf } from './clock';

const hour = 3_600_000;
const clock = { id: 'a', name: 'a', from: 0, until: 72 * hour };

test('a clock says how pressing it is', () => {
  expect(roleOf(clock, 10 * hour)).toBe('notice');
  expect(roleOf(clock, 60 * hour)).toBe('warning');
  expect(roleOf(clock, 73 * hour)).toBe('alert');
  expect(roleOf({ ...clock, stopped: 70 * hour }, 90 * hour)).toBe('done');
  expect(roleOf({ ...clock, stopped: 80 * hour }, 90 * hour)).toBe('warning');
});

test('the axis holds all clocks and now, and its marks do not crowd', () => {
  for (const width of [280, 720, 1400]) {
    const axis = axisOf([clock, { ...clock, id: 'b', until: 2000 * hour }], 80 * hour, width);
    expect(axis.x(0)).toBe(0);
    expect(axis.x(2000 * hour)).toBeLessThanOrEqual(width);
    expect(axis.ticks.length).toBeGreaterThan(1);
    for (let at = 1; at < axis.ticks.length; at += 1) {
      expect(axis.ticks[at]!.x - axis.ticks[at - 1]!.x).toBeGreaterThanOrEqual(79);
    }
  }
});
