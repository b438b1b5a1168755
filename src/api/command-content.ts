import type { Sighting } from '../store/case-store.js';
import type { SignalPayload } from '../store/stored-command.js';

/** What a command's body says: what the case decides by, and the personal data and free text that stay in PostgreSQL. */
export interface CommandContent {
  readonly payload: SignalPayload;
  readonly note?: string | undefined;
  readonly sighting?: Sighting | undefined;
}
