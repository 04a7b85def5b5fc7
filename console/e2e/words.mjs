// The words of the console in one language, so that a story reads the same in both.
import { readFileSync } from 'node:fs';

/** `words('ko')('cut.open')` is what stands on that button; placeholders are filled from `given`. */
export function words(language) {
  const all = JSON.parse(readFileSync(new URL(`../messages/${language}.json`, import.meta.url), 'utf8'));
  return (key, given = {}) => {
    if (!(key in all)) throw new Error(`there is no message ${key}`);
    return all[key].replaceAll(/\{(\w+)\}/g, (whole, name) => given[name] ?? whole);
  };
}
