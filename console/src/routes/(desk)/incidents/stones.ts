import type { ClockBar } from '$lib/clock';
import { roleOf } from '$lib/clock';
import { after, stamp, t } from '$lib/i18n/index.svelte';
import type { Incident } from '$lib/incident';
import type { StatusRole } from '$lib/status';

/** A step of an incident's story: what it is called, how far it is, and what more there is to say of it. */
export interface Stone {
  name: string;
  text: string;
  about?: string;
  /** Absent while it has not begun. */
  role?: StatusRole;
}

/** The story of an incident so far: aware, traced, cut, told, and the next deadline. */
export function stonesOf(incident: Incident, next: ClockBar | undefined, now: number): Stone[] {
  const notYet = t('strip.not_yet');
  const [order] = incident.containment;
  const proved = incident.containment.map((one) => one.proved_at).find((at) => at != null);
  const sent = incident.notices.filter((notice) => notice.state === 'sent' || notice.state === 'sending');
  const isSending = sent.some((notice) => notice.state === 'sending');
  return [
    { name: t('strip.aware'), text: stamp(incident.incident.aware_at), role: 'calm' },
    incident.traces.length > 0 ? { name: t('strip.traced'), text: incident.traces.join(', '), role: 'done' } : { name: t('strip.traced'), text: notYet },
    order && proved ? { name: t('strip.cut'), text: t('strip.after', { time: after(order.ordered_at, proved) }), role: 'done' } : { name: t('strip.cut'), text: notYet },
    sent.length > 0
      ? { name: t('strip.told'), text: t(isSending ? 'strip.sending' : 'strip.sent'), role: isSending ? 'notice' : 'done' }
      : { name: t('strip.told'), text: notYet },
    ...(next ? [{ name: t('strip.next'), text: stamp(next.until), about: next.name, role: roleOf(next, now) }] : [])
  ];
}
