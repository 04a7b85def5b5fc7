import type { Language } from './messages';

/** What may stand in a message's braces. */
export type Values = Record<string, string | number>;

const PARTICLES: Record<string, [after: string, otherwise: string]> = {
  '은/는': ['은', '는'],
  '이/가': ['이', '가'],
  '을/를': ['을', '를'],
  '과/와': ['과', '와'],
  '으로/로': ['으로', '로']
};

/** How the last sound of a word ends in Korean: with nothing, with ㄹ, or with another consonant. */
function ending(word: string): 'open' | 'rieul' | 'closed' {
  const last = word.replace(/[^\p{L}\p{N}]+$/u, '').slice(-1);
  const code = last.charCodeAt(0);
  if (code >= 0xac00 && code <= 0xd7a3) {
    const final = (code - 0xac00) % 28;
    return final === 0 ? 'open' : final === 8 ? 'rieul' : 'closed';
  }
  if ('178lLrR'.includes(last) && last) return 'rieul';
  return '036mMnN'.includes(last) && last ? 'closed' : 'open';
}

function particle(kind: string, word: string): string {
  const [after, otherwise] = PARTICLES[kind] ?? ['', ''];
  const end = ending(word);
  if (kind === '으로/로' && end === 'rieul') return otherwise;
  return end === 'open' ? otherwise : after;
}

/**
 * Fills a message: `{name}` is a value, `{name:이/가}` a value and the particle that its last sound
 * asks for, `{count|person|people}` the English word for one or for many.
 */
export function fill(message: string, values: Values, language: Language): string {
  return message.replace(/\{(\w+)(?::([^}|]+))?(?:\|([^}|]*)\|([^}]*))?\}/g, (whole, name, kind, one, many) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (many !== undefined) return value === 1 ? one : many;
    const text = typeof value === 'number' ? number(value, language) : value;
    return kind ? text + particle(kind, text) : text;
  });
}

const locales: Record<Language, string> = { ko: 'ko-KR', en: 'en-GB' };

/**
 * A formatter that is made once: making one costs a hundred times what using it does, which shows where 100,000 rows
 * are searched.
 */
function kept<Format, Options>(make: (locale: string, options: Options) => Format): (language: Language, options: Options) => Format {
  const made = new Map<string, Format>();
  return (language, options) => {
    const name = language + JSON.stringify(options);
    const format = made.get(name) ?? make(locales[language], options);
    made.set(name, format);
    return format;
  };
}
const numbers = kept((locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
const times = kept((locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));

/** 17,551 */
export function number(value: number, language: Language, digits = 0): string {
  return numbers(language, { maximumFractionDigits: digits }).format(value);
}

/** 62 % */
export function percent(share: number, language: Language): string {
  return numbers(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A moment, in the zone of the person who looks. */
export function moment(at: string | number | Date, language: Language, seconds = false): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return times(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23'
  }).format(date);
}

/** What people who live in a zone call it, where that is not its distance from UTC. */
const ZONES: Record<string, string> = { 'Asia/Seoul': 'KST', 'Asia/Tokyo': 'JST', UTC: 'UTC' };

/** The zone of the person who looks, or of `name` (of the IANA), in short: KST. */
export function zone(at: number, name = new Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  if (ZONES[name]) return ZONES[name];
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: name, timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? name;
}

/** A day. */
export function day(at: string | number | Date, language: Language): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return times(language, { dateStyle: 'medium' }).format(date);
}

/** A mark on an axis of time: a day, or an hour. */
export function mark(at: number, isDay: boolean, language: Language): string {
  const parts = isDay ? ({ month: 'numeric', day: 'numeric' } as const) : ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const);
  return times(language, parts).format(at);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000]
];

/** In 3 days, 2 hours ago. */
export function relative(at: string | number | Date, now: number, language: Language): string {
  const distance = new Date(at).getTime() - now;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? ['second', 1000];
  const format = new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' });
  return format.format(Math.trunc(distance / length), unit);
}

/** A length of time in its two largest units: 41 h 12 min. */
export function duration(ms: number, language: Language): string {
  if (ms < 1000) return unit(Math.round(ms), 'millisecond', language);
  if (ms < 60_000) return unit(ms / 1000, 'second', language, ms < 10_000 ? 1 : 0);
  const sizes = UNITS.slice(2).filter(([, size]) => ms >= size);
  const [first, second] = [sizes[0]!, sizes[1]];
  const whole = Math.floor(ms / first[1]);
  const rest = second ? Math.floor((ms % first[1]) / second[1]) : 0;
  const head = unit(whole, first[0], language);
  return second && rest > 0 ? `${head} ${unit(rest, second[0], language)}` : head;
}

function unit(value: number, name: string, language: Language, digits = 0): string {
  const style = { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits } as const;
  return numbers(language, style).format(value);
}

/** 1.2 MB */
export function bytes(count: number, language: Language): string {
  const at = count < 1000 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), 3);
  const name = ['byte', 'kilobyte', 'megabyte', 'gigabyte'][at]!;
  return unit(count / 1000 ** at, name, language, at === 0 ? 0 : 1);
}
