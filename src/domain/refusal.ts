/** Why a case refuses a command. The codes are stable: the journal, the API and the console name them. */
export type RefusalCode =
  | 'malformed_command'
  | 'role_may_not'
  | 'already_reported'
  | 'case_unknown'
  | 'not_awaiting_approval'
  | 'approved_already'
  | 'not_active'
  | 'own_revision'
  | 'stale_digest'
  | 'stale_revision'
  | 'language_missing'
  | 'criteria_unanswered'
  | 'criterion_unknown'
  | 'reason_missing'
  | 'no_amendment'
  | 'nothing_to_widen'
  | 'expiry_not_later'
  | 'expiry_too_late'
  | 'nothing_to_confirm'
  | 'case_ended'
  | 'nothing_to_acknowledge'
  | 'not_on_ladder';

/** A command's refusal, with what is wrong where the code leaves it open (the name of a field, never its value). */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly problem: string | null;
}

/** Makes a refusal. */
export function refuse(refused: RefusalCode, problem: string | null = null): Refusal {
  return { refused, problem };
}
