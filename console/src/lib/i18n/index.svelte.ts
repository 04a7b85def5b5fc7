import * as format from './format';
import { load, type Key, type Language, type Messages } from './messages';

export { languages, type Key, type Language } from './messages';

const spoken = $state<{ language: Language; messages: Partial<Messages> }>({ language: 'ko', messages: {} });

/** Speaks a language from now on. */
export async function speak(language: Language): Promise<void> {
  const messages = await load(language);
  spoken.messages = messages;
  spoken.language = language;
  document.documentElement.lang = language;
}

/** The language that is spoken. */
export function language(): Language {
  return spoken.language;
}

/** A message, filled. */
export function t(key: Key, values: format.Values = {}): string {
  return format.fill(spoken.messages[key] ?? '', values, spoken.language);
}

/** A message whose key is put together, or what else to say where there is none. */
export function told(key: string, otherwise: string, values: format.Values = {}): string {
  const message = (spoken.messages as Record<string, string | undefined>)[key];
  return message === undefined ? otherwise : format.fill(message, values, spoken.language);
}

/** What follows a prefix in the keys of messages, in the order of what the messages say. */
export function names(prefix: string): string[] {
  const found = Object.entries(spoken.messages).filter(([key]) => key.startsWith(prefix));
  return found.toSorted((a, b) => a[1].localeCompare(b[1], spoken.language)).map(([key]) => key.slice(prefix.length));
}

export const number = (value: number, digits = 0) => format.number(value, spoken.language, digits);
export const percent = (share: number) => format.percent(share, spoken.language);
export const day = (at: string | number | Date) => format.day(at, spoken.language);
export const duration = (ms: number) => format.duration(ms, spoken.language);
export const bytes = (count: number) => format.bytes(count, spoken.language);
export const moment = (at: string | number | Date, seconds = false) => format.moment(at, spoken.language, seconds);
/** A moment with its zone, for what is read to others: a deadline, a row of the log. */
export const stamp = (at: string | number | Date, seconds = false) => `${moment(at, seconds)} ${zone(at)}`;
export const zone = (at: string | number | Date = Date.now()) => format.zone(new Date(at).getTime());
export const relative = (at: string | number | Date, now: number) => format.relative(at, now, spoken.language);
export const mark = (at: number, isDay: boolean) => format.mark(at, isDay, spoken.language);

/** How long after another moment; the server tells moments by the second. */
export function after(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 1000 ? t('under_a_second') : duration(ms);
}
