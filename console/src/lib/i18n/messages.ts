/*
 * The words of the console. The Korean file is the one that counts: its keys are the keys, and a key
 * that the English file misses or has too many fails the check of types, and so the build.
 */
import type en from '../../../messages/en.json';
import type ko from '../../../messages/ko.json';

/** The languages, the first one first. */
export const languages = ['ko', 'en'] as const;

/** A language of the console. */
export type Language = (typeof languages)[number];

/** The name of a message. */
export type Key = keyof typeof ko;

/** All messages of a language. */
export type Messages = Record<Key, string>;

type Missing = Exclude<Key, keyof typeof en>;
type Extra = Exclude<keyof typeof en, Key>;

/** Whether no key is missing: a wrong key stands in the error as the type that does not fit. */
export const isComplete: [Missing, Extra] extends [never, never] ? true : [Missing, Extra] = true;

/** Loads one language; the other one is not fetched. */
export async function load(language: Language): Promise<Messages> {
  if (language === 'ko') return (await import('../../../messages/ko.json')).default;
  return (await import('../../../messages/en.json')).default;
}
