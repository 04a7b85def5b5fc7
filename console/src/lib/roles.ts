/** What somebody may do. The server decides; this only keeps away what would be refused. */
const MAY = {
  'incident.read': ['privacy-officer', 'approver', 'analyst', 'auditor', 'inspector'],
  'incident.work': ['privacy-officer'],
  'notice.agree': ['privacy-officer', 'approver'],
  'approval.read': ['privacy-officer', 'approver', 'engineer', 'analyst', 'auditor'],
  'approval.alone': ['privacy-officer'],
  'approval.agree': ['privacy-officer', 'approver'],
  'trace.read': ['privacy-officer', 'analyst', 'auditor'],
  'trace.make': ['privacy-officer', 'analyst'],
  'outsider.read': ['privacy-officer', 'approver', 'engineer', 'analyst', 'auditor', 'inspector'],
  'outsider.give': ['privacy-officer', 'engineer'],
  'outsider.cut': ['privacy-officer'],
  'drill.read': ['privacy-officer', 'approver', 'engineer', 'analyst', 'auditor'],
  'drill.run': ['privacy-officer'],
  'log.read': ['privacy-officer', 'auditor'],
  'staff.read': ['privacy-officer', 'auditor'],
  'staff.change': ['privacy-officer'],
  'self.read': ['privacy-officer', 'approver', 'engineer', 'analyst', 'auditor', 'inspector']
} as const satisfies Record<string, readonly string[]>;

/** The name of an act. */
export type Deed = keyof typeof MAY;

/** All roles, the one with most to do first. */
export const roles = ['privacy-officer', 'approver', 'engineer', 'analyst', 'auditor', 'inspector'] as const;

/** Whether a role may do that. */
export function may(role: string | undefined, deed: Deed): boolean {
  return role !== undefined && (MAY[deed] as readonly string[]).includes(role);
}
