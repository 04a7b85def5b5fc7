import type { Who } from './session.svelte';

/** What somebody may do, by the operation that does it. The server says which; this keeps away what it would refuse. */
const NEEDS = {
  'incident.read': 'GET /api/v1/incidents',
  'incident.work': 'POST /api/v1/incidents',
  'notice.agree': 'POST /api/v1/incidents/{id}/notices/{notice}/approve',
  'approval.read': 'GET /api/v1/approvals',
  'approval.agree': 'POST /api/v1/approvals/{id}/agree',
  'approval.alone': 'POST /api/v1/approvals/{id}/break-glass',
  'trace.read': 'GET /api/v1/traces/{id}',
  'trace.make': 'POST /api/v1/traces',
  'outsider.read': 'GET /api/v1/processors',
  'outsider.give': 'POST /api/v1/disclosures',
  'outsider.cut': 'POST /api/v1/processors/{id}/cut',
  'outsider.resume': 'POST /api/v1/processors/{id}/resume',
  'outsider.record': 'POST /api/v1/disclosures/past',
  'subject.find': 'POST /api/v1/subjects/find',
  'subject.holdings': 'GET /api/v1/subjects/{id}/holdings',
  'subject.erase': 'POST /api/v1/subjects/{id}/erase',
  'drill.read': 'GET /api/v1/drills',
  'drill.run': 'POST /api/v1/drills',
  'fraud.read': 'GET /api/v1/fraud',
  'fraud.decisions': 'GET /api/v1/fraud/decisions',
  'fraud.change': 'POST /api/v1/fraud/setups',
  'fraud.back_test': 'POST /api/v1/fraud/rules:back-test',
  'fraud.lists': 'POST /api/v1/fraud/lists/{name}',
  'fraud.members': 'GET /api/v1/fraud/lists/{name}',
  'fraud.alerts': 'GET /api/v1/fraud/alerts',
  'fraud.measures': 'GET /api/v1/fraud/measures',
  'fraud.review': 'POST /api/v1/fraud/alerts/{sequence}/close',
  'fraud.prove': 'POST /api/v1/fraud/proof',
  'log.read': 'GET /api/v1/audit',
  'health.read': 'GET /api/v1/health',
  'staff.read': 'GET /api/v1/staff',
  'staff.change': 'POST /api/v1/staff',
  'self.read': 'GET /api/v1/sessions/current'
} as const satisfies Record<string, string>;

/** The name of an act. */
export type Deed = keyof typeof NEEDS;

/** All roles, the one with most to do first. */
export const roles = ['privacy-officer', 'approver', 'engineer', 'analyst', 'auditor', 'inspector'] as const;

/** Whether somebody may do that, as the server said when they came in. */
export function may(somebody: Pick<Who, 'may'> | undefined, deed: Deed): boolean {
  return somebody?.may.includes(NEEDS[deed]) ?? false;
}
