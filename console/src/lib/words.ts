import { language, told } from './i18n/index.svelte';
import tables from './words.json';

/** A vocabulary of the rule table. */
export type Vocabulary = keyof typeof tables;

const all = tables as Record<string, Record<string, { ko: string; en: string } | undefined> | undefined>;

/** What a word of the rule table is called, or the word itself. */
export function called(vocabulary: string, word: string): string {
  return all[vocabulary]?.[word]?.[language()] ?? word;
}

/** What a kind of evidence is called; a wait is shown by its reason. */
export function evidenceName(kind: string): string {
  const names = ['evidence_kind', 'delay', 'clock_word'].map((vocabulary) => called(vocabulary, kind));
  return names.find((name) => name !== kind) ?? kind;
}

/** The words of a vocabulary. */
export function wordsOf(vocabulary: string): string[] {
  return Object.keys(all[vocabulary] ?? {});
}

/** What kind of answer a fact takes, by its name. */
export function kindOfFact(name: string): 'number' | 'word' | 'yes' | 'kinds' | 'time' | 'text' {
  const bare = name.replace(/\(.*$/, '');
  if (all.number?.[bare] || bare === 'residents_of') return 'number';
  if (all.state?.[bare]) return 'word';
  if (bare === 'recovered' || bare === 'local_time') return 'text';
  if (all.flag?.[bare] || ['us_pi', 'subject_to', 'role'].includes(bare)) return 'yes';
  if (all.kind_set?.[bare]) return 'kinds';
  return all.date?.[bare] ? 'time' : 'text';
}

/** What a fact is called. */
export function factName(name: string): string {
  const [, bare = name, about] = /^([^(]+)(?:\((.*)\))?$/.exec(name) ?? [];
  if (bare === 'role' && about) return called('role', about);
  const word = ['number', 'state', 'flag', 'kind_set', 'date'].map((table) => called(table, bare)).find((text) => text !== bare);
  if (word === undefined) return told(`event.fact.${bare}`, about ? `${bare} (${about})` : bare, { region: regionOf(about) });
  return about ? `${word} (${about})` : word;
}

/** What a country of the law is called; of all countries nothing is said, and a part of one keeps its code. */
function regionOf(code: string | undefined): string {
  if (code === undefined || code === '*') return told('event.fact.anywhere', '*');
  return /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames(language(), { type: 'region' }).of(code) ?? code) : code;
}

/** All facts that can be told without naming a region. */
export function facts(): string[] {
  return [
    ...wordsOf('number'),
    ...wordsOf('state'),
    ...wordsOf('kind_set'),
    ...wordsOf('date'),
    ...wordsOf('flag'),
    ...wordsOf('role').map((role) => `role(${role})`)
  ];
}
