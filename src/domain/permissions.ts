export const STAFF_ROLES = ['operator', 'supervisor', 'administrator', 'auditor'] as const;
/** A `partner` is no staff: people of another organisation, who publish and take down what they are handed, and say so. */
export const ROLES = [...STAFF_ROLES, 'partner'] as const;
export type Role = (typeof ROLES)[number];

/*
 * The table of what each role may do. The API's routes and the decision of every case ask it, and the OpenAPI document and docs/roles.md
 * are made from it: there is no other place that says which role may do what. Of which cases it may be done is a matter of the scope.
 */

/**
 * What people may ask of a case, and which roles may ask it. Every command but the first two, which start a case, is a signal of its own
 * name.
 */
export const COMMANDS = {
  report: { roles: ['operator'] },
  reissue: { roles: ['operator', 'supervisor'] },
  approve: { roles: ['supervisor'] },
  reject: { roles: ['supervisor'] },
  return: { roles: ['supervisor'] },
  resubmit: { roles: ['operator'] },
  withdraw: { roles: ['operator'] },
  amend: { roles: ['operator'] },
  approveAmendment: { roles: ['supervisor'] },
  rejectAmendment: { roles: ['supervisor'] },
  widen: { roles: ['supervisor'] },
  extend: { roles: ['supervisor'] },
  reportSighting: { roles: ['operator'] },
  childFound: { roles: ['operator', 'supervisor'] },
  cancel: { roles: ['supervisor'] },
  acknowledge: { roles: ['operator', 'supervisor', 'administrator'] },
  confirmPublished: { roles: ['supervisor', 'administrator', 'partner'] },
  confirmRemoved: { roles: ['supervisor', 'administrator', 'partner'] },
} as const satisfies Record<string, { roles: readonly Role[] }>;

/** What people may read. */
export const READS = {
  listCases: { roles: STAFF_ROLES },
  searchCases: { roles: STAFF_ROLES },
  readTimes: { roles: STAFF_ROLES },
  followCases: { roles: STAFF_ROLES },
  readCase: { roles: STAFF_ROLES },
  followCase: { roles: STAFF_ROLES },
  readTimeline: { roles: STAFF_ROLES },
  readRevision: { roles: STAFF_ROLES },
  readRevisionImage: { roles: STAFF_ROLES },
  readCard: { roles: STAFF_ROLES },
  readCommand: { roles: STAFF_ROLES },
} as const satisfies Record<string, { roles: readonly Role[] }>;

export type CommandKind = keyof typeof COMMANDS;

const PERMISSIONS = { ...COMMANDS, ...READS };

/** Something that some roles may do and others may not. */
export type Permission = keyof typeof PERMISSIONS;

/** The roles that may do something. */
export function rolesFor(permission: Permission): readonly Role[] {
  return PERMISSIONS[permission].roles;
}

/** Whether a role may do something. */
export function roleMay(role: Role, permission: Permission): boolean {
  return rolesFor(permission).includes(role);
}
