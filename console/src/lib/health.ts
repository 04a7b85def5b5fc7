import type { Shape } from './api/client';
import type { Key } from './i18n/messages';
import type { StatusRole } from './status';

/** How the server, its disk, clock, gateways and backups are. */
export type Health = Shape<'Health'>;

/** Days after which a backup of the data is old; the server counts the same. */
const BACKUP_DAYS = 7;

/** Something about the house that needs a person. */
export interface Worry {
  id: string;
  role: StatusRole;
  key: Key;
  /** What fills the message; `free` is in bytes. */
  values: { name?: string; code?: string; days?: number; free?: number };
  href: string;
}

const AT = '/settings#house';

/** What needs a person, the worst first. */
export function worriesOf(health: Health): Worry[] {
  const list: Worry[] = [];
  const add = (id: string, role: StatusRole, key: Key, values: Worry['values'] = {}, href = AT) => list.push({ id, role, key, values, href });
  if (health.log.intact === false) add('log', 'alert', 'today.log_broken', {}, '/log');
  if (health.clock.state === 'warning') add('clock', 'alert', 'today.clock_wrong');
  if (health.disk.state === 'warning') add('disk', 'alert', 'today.disk', { free: health.disk.free_bytes ?? 0 });
  for (const one of health.gateways) {
    if (one.state === 'failing') add(`gateway ${one.name}`, 'warning', 'today.gateway', { name: one.name, code: one.code ?? '' });
  }
  const { state, keys_at } = health.backups;
  if (state === 'warning') add('backup', 'warning', keys_at ? 'today.backup' : 'today.backup_keys', { days: BACKUP_DAYS });
  if (health.sign_in.state === 'warning') add('sign-in', 'notice', 'today.passphrase');
  return list;
}

/** The shape and colour of a state of the server's. */
export function roleOfState(state: string): StatusRole {
  if (state === 'ok') return 'calm';
  return state === 'warning' || state === 'failing' ? 'warning' : 'notice';
}
