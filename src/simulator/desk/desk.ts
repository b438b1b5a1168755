import type { Asked, DeskEffect, Package } from './effects.js';

/** A message that the desk was handed. */
export interface DeskRequest extends Pick<Asked, 'kind' | 'radiusKm' | 'confirmUrl'> {
  readonly id: string;
  /** UTC with milliseconds. */
  readonly receivedAt: string;
  /** How often the same message came again. */
  repeats: number;
  /** When somebody did it. */
  doneAt?: string;
  /** What came of saying so; without a status, the service was not reached. */
  confirmation?: { readonly at: string; readonly status: number | null };
}

/** One revision of a case's alert, and all that was asked about it. */
export interface DeskAlert extends Pick<Asked, 'caseNumber' | 'revision' | 'digest' | 'runKind'> {
  readonly id: string;
  readonly requests: DeskRequest[];
  package?: Package;
  /** What the public sees, while it does. */
  shown?: { readonly since: string; readonly radiusKm: number };
  /** The number of the last effect that touched it. */
  touched: number;
}

/** Everything the desk was ever handed. */
export interface Desk {
  readonly alerts: Map<string, DeskAlert>;
}

/** `waiting` for somebody; done, but `unconfirmed`; `done`; `overtaken` by another message before anybody did it. */
export type RequestState = 'waiting' | 'unconfirmed' | 'done' | 'overtaken';

/** Applies one effect to the desk, in place. @throws Error if it speaks of a message that never came */
export function evolveDesk(desk: Desk, effect: DeskEffect & { readonly at: string; readonly seq: number }): void {
  if (effect.type === 'desk.received') {
    receive(desk, effect);
    return;
  }
  const found = requestOf(desk, effect.messageId);
  if (!found) throw new Error(`the effects log speaks of ${effect.messageId} before it came`);
  const { alert, request } = found;
  alert.touched = effect.seq;
  switch (effect.type) {
    case 'desk.repeated':
      request.repeats += 1;
      return;
    case 'desk.published':
    case 'desk.widened':
      request.doneAt = effect.at;
      alert.shown = { since: alert.shown?.since ?? effect.at, radiusKm: effect.radiusKm };
      return;
    case 'desk.removed':
      request.doneAt = effect.at;
      delete alert.shown;
      return;
    case 'desk.confirmed':
      request.confirmation = { at: effect.at, status: effect.status };
      return;
  }
}

function receive(desk: Desk, effect: Extract<DeskEffect, { type: 'desk.received' }> & { at: string; seq: number }) {
  const { caseNumber, revision, digest, runKind, kind, radiusKm, confirmUrl } = effect;
  const id = `${caseNumber}/${revision}`;
  const alert = desk.alerts.get(id) ?? { id, caseNumber, revision, digest, runKind, requests: [], touched: effect.seq };
  alert.touched = effect.seq;
  if (effect.package) alert.package = effect.package;
  alert.requests.push({ id: effect.messageId, kind, radiusKm, confirmUrl, receivedAt: effect.at, repeats: 0 });
  desk.alerts.set(id, alert);
}

/** A message by its id, with the alert that it is about. */
export function requestOf(
  desk: Desk,
  id: string,
): { readonly alert: DeskAlert; readonly request: DeskRequest } | undefined {
  for (const alert of desk.alerts.values()) {
    const request = alert.requests.find((each) => each.id === id);
    if (request) return { alert, request };
  }
  return undefined;
}

/** How far the desk has come with a message. */
export function stateOf({ requests }: DeskAlert, request: DeskRequest): RequestState {
  const { kind, doneAt, confirmation, confirmUrl } = request;
  const isConfirmed = confirmation?.status === 200;
  // Of what never was published the removal is confirmed as well.
  if (kind === 'remove') return isConfirmed ? 'done' : confirmation ? 'unconfirmed' : 'waiting';
  if (doneAt !== undefined) return isConfirmed || confirmUrl === null ? 'done' : 'unconfirmed';
  // A removal is final, also where it came before what was sent before it.
  const later = requests.slice(requests.indexOf(request) + 1);
  return requests.some((other) => other.kind === 'remove') || later.some((next) => next.kind === kind)
    ? 'overtaken'
    : 'waiting';
}

/** Whether somebody can do now what a message asks: an area needs an alert that is there. */
export function canDo(alert: DeskAlert, request: DeskRequest): boolean {
  const state = stateOf(alert, request);
  return state === 'unconfirmed' || (state === 'waiting' && (request.kind !== 'area' || alert.shown !== undefined));
}

/** Whether an alert is over, so that nothing of the child may live on. */
export function isOver({ shown, requests }: DeskAlert): boolean {
  return shown === undefined && requests.some(({ kind, confirmation }) => kind === 'remove' && confirmation);
}

/** What the public sees inside its radius, the newest first. */
export function alertsShown({ alerts }: Desk): (DeskAlert & Required<Pick<DeskAlert, 'shown' | 'package'>>)[] {
  return [...alerts.values()]
    .filter((alert): alert is ReturnType<typeof alertsShown>[number] => Boolean(alert.shown && alert.package))
    .sort((a, b) => b.shown.since.localeCompare(a.shown.since));
}

/** The file with this hash, of an alert that is not over. */
export function fileOf({ alerts }: Desk, sha256: string): Package['files'][number] | undefined {
  return [...alerts.values()]
    .filter((alert) => !isOver(alert))
    .flatMap((alert) => alert.package?.files ?? [])
    .find((file) => file.sha256 === sha256);
}
