// What fraud detection decides, in words, and where a fault of a rule stands in a text.
import type { Key } from './i18n/messages';
import { language, number, t } from './i18n/index.svelte';
import type { StatusRole } from './status';

interface Said {
  name: Key;
  role: StatusRole;
}

/** What can be done with an event, weakest first. */
const ACTIONS: Record<string, Said> = {
  allow: { name: 'fraud.action.allow', role: 'calm' },
  case: { name: 'fraud.action.case', role: 'notice' },
  step_up: { name: 'fraud.action.step_up', role: 'notice' },
  delay: { name: 'fraud.action.delay', role: 'warning' },
  hold: { name: 'fraud.action.hold', role: 'warning' },
  block: { name: 'fraud.action.block', role: 'alert' }
};

/** The names of the actions, weakest first. */
export const actions: readonly string[] = Object.keys(ACTIONS);

/** What an action is called. */
export function actionName(action: string): string {
  const said = ACTIONS[action];
  return said ? t(said.name) : action;
}

/** The status that an action is shown with. */
export function actionRole(action: string): StatusRole {
  return ACTIONS[action]?.role ?? 'notice';
}

/** What an event that was not allowed at once counts for. */
export function stopped(counts: Record<string, number>): number {
  return Object.entries(counts).reduce((sum, [action, count]) => (action === 'allow' ? sum : sum + count), 0);
}

const KINDS: Record<string, Key> = {
  payment: 'fraud.kind.payment',
  credit: 'fraud.kind.credit',
  log_in: 'fraud.kind.log_in',
  device_change: 'fraud.kind.device_change',
  contact_change: 'fraud.kind.contact_change',
  identity_check: 'fraud.kind.identity_check',
  account_opening: 'fraud.kind.account_opening',
  limit_change: 'fraud.kind.limit_change',
  payee_change: 'fraud.kind.payee_change',
  token_transfer: 'fraud.kind.token_transfer',
  wallet_change: 'fraud.kind.wallet_change'
};

/** What kind of event it is, in words. */
export function kindName(kind: string): string {
  const key = KINDS[kind];
  return key ? t(key) : kind;
}

/** Minor units as money: 300,000 of KRW, 3,000.00 of USD. */
export function money(amount: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  return `${number(amount / 10 ** digits, digits)} ${currency}`;
}

/** Of a sentence in both languages, the one that is spoken. */
export function spoken(said: { ko: string; en: string }): string {
  return said[language()];
}

/** Where a fault stands in a text: the server counts bytes, a text area counts UTF-16. */
export function rangeOf(text: string, start: number, end: number): { from: number; to: number } {
  const bytes = new TextEncoder().encode(text);
  const length = (until: number) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.slice(0, until)).length;
  const from = length(start);
  return { from, to: Math.max(from, length(end)) };
}

/** A text cut at its faults, for painting: what is marked lies in a fault. Faults that overlap are one. */
export function painted(text: string, ranges: readonly { from: number; to: number }[]): { text: string; isFault: boolean }[] {
  const parts: { text: string; isFault: boolean }[] = [];
  let at = 0;
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    // A fault of no length, as where something is missing, is shown at the sign before or after it.
    const [begin, end] = from === to ? [Math.min(from, Math.max(text.length - 1, 0)), Math.min(from + 1, text.length)] : [from, to];
    if (begin > at) parts.push({ text: text.slice(at, begin), isFault: false });
    if (end > Math.max(at, begin)) parts.push({ text: text.slice(Math.max(at, begin), end), isFault: true });
    at = Math.max(at, end);
  }
  if (at < text.length) parts.push({ text: text.slice(at), isFault: false });
  return parts;
}

const OUTCOMES: Record<string, Key> = { fraud: 'fraud.outcome.fraud', no_fraud: 'fraud.outcome.no_fraud', unclear: 'fraud.outcome.unclear' };

/** How an alert or a case may end. */
export function outcomes(): string[] {
  return Object.keys(OUTCOMES);
}

/** What an outcome is called. */
export function outcomeName(outcome: string): string {
  const key = OUTCOMES[outcome];
  return key ? t(key) : outcome;
}

const CASES: Record<string, Said> = {
  open: { name: 'fraud.case.open', role: 'notice' },
  closing: { name: 'fraud.case.closing', role: 'warning' },
  closed: { name: 'fraud.case.closed', role: 'done' }
};

/** Where a case stands. */
export function caseName(state: string): string {
  const said = CASES[state];
  return said ? t(said.name) : state;
}

/** The status that a case is shown with. */
export function caseRole(state: string): StatusRole {
  return CASES[state]?.role ?? 'notice';
}

const MEASURES: Record<string, Said> = {
  placed: { name: 'fraud.measure.placed', role: 'warning' },
  notified: { name: 'fraud.measure.notified', role: 'notice' },
  identity_checked: { name: 'fraud.measure.identity_checked', role: 'notice' },
  released: { name: 'fraud.measure.released', role: 'done' },
  carried_out: { name: 'fraud.measure.carried_out', role: 'done' },
  refused: { name: 'fraud.measure.refused', role: 'alert' }
};

/** Where a temporary measure may stand, in the order of its course. */
export const measureStates: readonly string[] = Object.keys(MEASURES);

/** Where a temporary measure stands. */
export function measureName(state: string): string {
  const said = MEASURES[state];
  return said ? t(said.name) : state;
}

/** The status that a temporary measure is shown with. */
export function measureRole({ state, is_late }: { state: string; is_late: boolean }): StatusRole {
  return is_late ? 'warning' : (MEASURES[state]?.role ?? 'notice');
}

const STEPS: Record<string, Key> = {
  placed: 'fraud.step.placed',
  notified: 'fraud.step.notified',
  identity_checked: 'fraud.step.identity_checked',
  identity_failed: 'fraud.step.identity_failed',
  release_asked: 'fraud.step.release_asked',
  release_withdrawn: 'fraud.step.release_withdrawn',
  released: 'fraud.step.released',
  carried_out: 'fraud.step.carried_out',
  refused: 'fraud.step.refused'
};

/** What a step of a temporary measure is called. */
export function stepName(step: string): string {
  const key = STEPS[step];
  return key ? t(key) : step;
}

const WAYS: Record<string, Key> = {
  sms: 'fraud.way.sms',
  call: 'fraud.way.call',
  app: 'fraud.way.app',
  letter: 'fraud.way.letter',
  outbound_call: 'fraud.way.outbound_call',
  video: 'fraud.way.video',
  face: 'fraud.way.face',
  one_time_code: 'fraud.way.one_time_code',
  counter: 'fraud.way.counter'
};

/** How a customer may be told of a temporary measure. */
export const notices: readonly string[] = ['sms', 'call', 'app', 'letter'];

/** How it may be checked who a customer is. */
export const checks: readonly string[] = ['outbound_call', 'video', 'face', 'one_time_code', 'counter'];

/** What a way is called. */
export function wayName(way: string): string {
  const key = WAYS[way];
  return key ? t(key) : way;
}
