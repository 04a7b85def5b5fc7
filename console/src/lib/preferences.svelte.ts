import { speak, languages, type Language } from './i18n/index.svelte';

/** What a person may choose for their own eyes. Kept in this browser only. */
interface Preferences {
  language: Language;
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
}

const KEPT_AS = 'doldam.preferences';

/** The choices there are. */
export const themes = ['system', 'light', 'dark'] as const;
export const densities = ['comfortable', 'compact'] as const;

const held = $state<Preferences>({ language: 'ko', theme: 'system', density: 'comfortable' });

/** What is chosen now. */
export const preferences: Readonly<Preferences> = held;

/** The height of a row of a table, in pixels, as tokens.css has it. */
export function rowHeight(): number {
  return held.density === 'compact' ? 32 : 40;
}

/** Reads what was chosen before and speaks the language. */
export async function recall(): Promise<void> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}') as Partial<Preferences>;
    if (languages.includes(kept.language!)) held.language = kept.language!;
    if (themes.includes(kept.theme!)) held.theme = kept.theme!;
    if (densities.includes(kept.density!)) held.density = kept.density!;
  } catch {
    // A browser that keeps nothing gets the defaults.
  }
  await apply();
}

/** Chooses something. */
export async function choose(choice: Partial<Preferences>): Promise<void> {
  Object.assign(held, choice);
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(held));
  } catch {
    // Then the choice lasts as long as the page.
  }
  await apply();
}

async function apply(): Promise<void> {
  const root = document.documentElement;
  root.dataset.density = held.density;
  if (held.theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = held.theme;
  await speak(held.language);
}
