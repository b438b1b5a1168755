import type { Envelope } from '../../src/domain/command.js';

type Person = Pick<Envelope, 'actor' | 'role'>;

/** The people of the cases under test, as they sign what they send. `operator-1` writes the report. */
export const OPERATOR: Person = { actor: 'operator-1', role: 'operator' };
export const SUPERVISOR: Person = { actor: 'supervisor-1', role: 'supervisor' };
export const OTHER_SUPERVISOR: Person = { actor: 'supervisor-2', role: 'supervisor' };
export const ADMINISTRATOR: Person = { actor: 'admin-1', role: 'administrator' };
