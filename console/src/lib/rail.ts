import { operations } from './api/operations';
import type { Key } from './i18n/messages';
import { may, type Deed } from './roles';

/** A page in the rail. */
export interface Place {
  /** The folder under src/routes/(desk), and the address. */
  path: string;
  /** Its name. */
  name: Key;
  /** Who sees it. */
  deed: Deed;
  /** What the server must be able to do for it; a module that is off has no such operation. */
  needs: string;
}

/** The rail: a line a page, in the order of the story. */
export const rail: readonly Place[] = [
  { path: '/', name: 'rail.today', deed: 'self.read', needs: 'GET /api/v1/sessions/current' },
  { path: '/trace', name: 'rail.trace', deed: 'trace.read', needs: 'POST /api/v1/traces' },
  { path: '/incidents', name: 'rail.incidents', deed: 'incident.read', needs: 'GET /api/v1/incidents' },
  { path: '/subjects', name: 'rail.subjects', deed: 'subject.find', needs: 'POST /api/v1/subjects/find' },
  { path: '/outsiders', name: 'rail.outsiders', deed: 'outsider.read', needs: 'GET /api/v1/processors' },
  { path: '/approvals', name: 'rail.approvals', deed: 'approval.read', needs: 'GET /api/v1/approvals' },
  { path: '/fraud', name: 'rail.fraud', deed: 'fraud.read', needs: 'GET /api/v1/fraud' },
  { path: '/drill', name: 'rail.drill', deed: 'drill.read', needs: 'GET /api/v1/drills' },
  { path: '/log', name: 'rail.log', deed: 'log.read', needs: 'GET /api/v1/audit' },
  { path: '/settings', name: 'rail.settings', deed: 'self.read', needs: 'GET /api/v1/sessions/current' }
];

/** The pages for somebody. */
export function placesFor(somebody: Parameters<typeof may>[0], can: readonly string[] = operations): Place[] {
  return rail.filter((place) => may(somebody, place.deed) && can.includes(place.needs));
}

/** Whether an address lies in a page. */
export function isAt(place: Place, pathname: string): boolean {
  return place.path === '/' ? pathname === '/' : pathname === place.path || pathname.startsWith(`${place.path}/`);
}
