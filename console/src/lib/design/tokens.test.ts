import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The two colours of a token. */
function pair(token: string): { light: string; dark: string } {
  const found = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
  if (!found) throw new Error(`no colours for ${token}`);
  return { light: found[1]!, dark: found[2]! };
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ['surface-0', 'surface-1', 'surface-2', 'surface-3'];
const inks = ['ink-1', 'ink-2', 'ink-3', 'accent', 'calm', 'notice', 'warning', 'alert', 'done'];
const themes = ['light', 'dark'] as const;

describe.each(themes)('%s', (theme) => {
  test.each(surfaces.flatMap((surface) => inks.map((ink) => [ink, surface] as const)))(
    '%s can be read on %s',
    (ink, surface) => {
      expect(contrast(pair(ink)[theme], pair(surface)[theme])).toBeGreaterThanOrEqual(4.5);
    }
  );

  test('what is written on the accent can be read', () => {
    expect(contrast(pair('on-accent')[theme], pair('accent')[theme])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(surfaces)('borders of controls can be seen on %s', (surface) => {
    expect(contrast(pair('border')[theme], pair(surface)[theme])).toBeGreaterThanOrEqual(3);
  });
});

test('the colours are those of the design', () => {
  expect(pair('surface-0')).toEqual({ light: '#fbfaf7', dark: '#141517' });
  expect(pair('accent')).toEqual({ light: '#1b665c', dark: '#6cc5b5' });
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});
