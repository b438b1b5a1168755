import type { Instant } from '../domain/time.js';
import type { StaffMember } from './staff-file.js';

/** Who sent a request. */
export interface Caller extends Pick<StaffMember, 'id' | 'role' | 'jurisdictions'> {
  /** What asks them for a second factor, as `WWW-Authenticate`; null when they have given one. */
  readonly stepUpChallenge: string | null;
  /** When what they sent stops standing for them; null for a token without an end. */
  readonly expiresAt: Instant | null;
}
