import type { Shape } from './api/client';
import type { ClockBar } from './clock';
import type { Language } from './i18n/messages';
import type { StatusRole } from './status';

export type Incident = Shape<'IncidentShown'>;

/** A duty of an incident. */
export type Duty = Shape<'DutyBody'>;

export type Notice = Shape<'NoticeBody'>;

/** The clocks of an incident's duties as bars; where each person has a clock, it began when the company knew. */
export function barsOf(duties: readonly Duty[], language: Language, aware: string, href?: string): ClockBar[] {
  return duties
    .filter((duty) => duty.clock.due_at && (duty.clock.started_at || duty.clock.persons))
    .map((duty) => ({
      id: duty.id,
      name: duty.title[language],
      from: Math.min(Date.parse(duty.clock.started_at ?? aware), Date.parse(duty.clock.due_at!)),
      until: Date.parse(duty.clock.due_at!),
      stopped: duty.clock.stopped_at ? Date.parse(duty.clock.stopped_at) : undefined,
      href
    }));
}

/** The clock that ends first of those that run. */
export function nextOf(bars: readonly ClockBar[]): ClockBar | undefined {
  return bars.filter((bar) => bar.stopped === undefined).toSorted((a, b) => a.until - b.until)[0];
}

/** How pressing a duty is: over, open, not yet decided, kept up or not begun, and done. */
export function roleOfDuty(duty: Duty): StatusRole {
  if (duty.answer === 'not_due') return 'done';
  if (duty.answer === 'unknown') return 'notice';
  const { state, persons } = duty.clock;
  if (state === 'overdue' || (persons?.overdue ?? 0) > 0) return 'alert';
  if (duty.is_open) return 'warning';
  const isOver = state?.startsWith('stopped') || (persons?.stopped_in_time ?? 0) + (persons?.stopped_late ?? 0) > 0;
  return isOver ? 'done' : 'calm';
}

const RANKS: readonly StatusRole[] = ['alert', 'warning', 'notice', 'calm', 'done'];

/** A duty's place in a list that begins with the most pressing. */
export function rankOf(duty: Duty): number {
  return duty.answer === 'not_due' ? RANKS.length : RANKS.indexOf(roleOfDuty(duty));
}

/** The states of a notice in order. */
export const noticeStates = ['draft', 'previewed', 'approved', 'sending', 'sent'] as const;
