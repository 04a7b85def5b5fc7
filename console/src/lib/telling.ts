// How lines of a timeline and rows of the access log are told: what the rooms write down as ids, words and counts, in
// the language of the reader. What is not known here stands as it was written.
import type { Shape } from './api/client';
import { day, number, stamp, t, told } from './i18n/index.svelte';
import type { Duty } from './incident';
import { evidenceName, factName } from './words';

type Line = Shape<'LineBody'>;

/** What ids of an incident stand for: duties by their titles, staff by their names. */
export interface Names {
  duty: (id: string) => string;
  staff: (id: string) => string;
  /** Who wrote a notice, by its number. */
  author: (notice: number) => string | undefined;
  /** A party with its number. */
  party: (id: string) => string;
}

/** A fact of a line: what it is called and what it says. */
export interface Told {
  name: string;
  text: string;
}

/** In which words the value of a fact is told. */
const SPOKEN: Record<string, string> = {
  means: 'event.means',
  source: 'source',
  stage: 'state.stage',
  state: 'state',
  decision: 'event.decision',
  template: 'event.template',
  what: 'event.what'
};
/** In which order the facts of a line are told; the others follow as they stand. */
const ORDER = ['what', 'word', 'decision', 'means', 'source', 'stage', 'template', 'duties', 'facts', 'cut', 'suspended', 'parts', 'persons', 'subjects', 'notice', 'days', 'until'];
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;
const DIGEST = /^[0-9a-f]{40,}$/;
/** As much of a digest as tells it from others. */
const DIGEST_SHOWN = 12;

/** The titles of an incident's duties, the names of those who wrote and agreed, as its lines say, and the parties. */
export function namesOf(duties: readonly Duty[], lines: readonly Line[], parties: readonly { id: string; name: string }[], language: 'ko' | 'en'): Names {
  const titles = new Map(duties.map((duty) => [duty.id, duty.title[language]]));
  const staff = new Map<string, string>();
  for (const line of lines) {
    const by = (line.facts as { by?: unknown }).by;
    if (typeof by === 'string') staff.set(by, line.actor);
  }
  const drafts = lines.filter((line) => line.what === 'notice.draft').toSorted((a, b) => a.seq - b.seq);
  const firms = new Map(parties.map((one) => [one.id, one.name]));
  const party = (id: string) => (firms.has(id) ? `${firms.get(id)} (${id})` : id);
  return { duty: (id) => titles.get(id) ?? id, staff: (id) => staff.get(id) ?? id, author: (notice) => drafts[notice - 1]?.actor, party };
}

/** What a line was done to. */
export function objectOfLine(line: Line, names: Names): string {
  if (line.what.startsWith('notice.') && /^\d+$/.test(line.object)) return t('notice.one', { number: line.object });
  const [, posting] = /^posting:(\d+)$/.exec(line.object) ?? [];
  return posting ? t('posting.one', { number: posting }) : names.party(names.duty(line.object));
}

/** The facts of a line, one by one. */
export function factsOfLine(line: Line, names: Names): Told[] {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return flat(line.facts as Record<string, unknown>)
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => (name === 'by' && typeof value === 'string' && names.staff(value) === line.actor ? [] : tell(name, value, names)));
}

/** Facts in facts are told beside the others. */
function flat(facts: Record<string, unknown>): [string, unknown][] {
  return Object.entries(facts).flatMap(([name, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? flat(value as Record<string, unknown>) : [[name, value]]
  );
}

function tell(name: string, value: unknown, names: Names): Told[] {
  if (value === null || value === '') return [];
  if (name === 'parts' && Array.isArray(value)) return [{ name: factCalled(name), text: value.map(partOf).join(', ') }];
  return [{ name: factCalled(name), text: spoken(name, value, names) }];
}

/** A part of a cut: of which kind how many were revoked. */
function partOf(part: { credential?: string; revoked?: number }): string {
  const kind = part.credential ?? '';
  return `${told(`event.cut.${kind.replaceAll(' ', '_')}`, kind)} ${number(part.revoked ?? 0)}`;
}

const factCalled = (name: string) => told(`event.${name}`, name.replaceAll('_', ' '));

function spoken(name: string, value: unknown, names: Names): string {
  if (Array.isArray(value)) return value.map((one) => spoken(name, one, names)).join(', ');
  if (typeof value === 'number') return number(value);
  if (typeof value !== 'string') return String(value);
  if (SPOKEN[name]) return told(`${SPOKEN[name]}.${value}`, value);
  if (name === 'word') return evidenceName(value);
  if (name === 'duty' || name === 'duties') return names.duty(value);
  if (name === 'by') return names.staff(value);
  if (name === 'facts') return factName(value);
  if (name === 'processor') return names.party(value);
  if (DAY.test(value)) return day(value);
  if (MOMENT.test(value)) return stamp(value, true);
  return DIGEST.test(value) ? value.slice(0, DIGEST_SHOWN) : value;
}

/** Purposes and objects that the house itself writes into the log, in English, and what they are called. */
const HOUSE: [RegExp, string][] = [
  [/^the page of a person who was found$/, 'page'],
  [/^notice to the people hit by incident (?<id>L-\d+)$/, 'notice'],
  [/^trace of a file that turned up$/, 'trace'],
  [/^messages that processors asked for$/, 'messages'],
  [/^who looked$/, 'looks'],
  [/^who is hit by an incident$/, 'hit'],
  [/^holdings$/, 'holdings'],
  [/^masked values$/, 'masked']
];

/** The purpose or the object of a row of the log, as a person says it. */
export function saidInLog(text: string): string {
  for (const [form, key] of HOUSE) {
    const found = form.exec(text);
    if (found) return told(`event.house.${key}`, text, found.groups ?? {});
  }
  return told(`field.${text}`, text);
}
