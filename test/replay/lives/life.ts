import type { DraftRevision } from '../../../src/domain/command.js';
import { ALL_MET, AREA, DIGEST, OTHER_DIGEST } from '../../given/a-case.js';
import { OPERATOR, OTHER_SUPERVISOR, SUPERVISOR } from '../../given/staff.js';
import type { CaseUnderTest } from '../../workflow/case-under-test.js';

/** A case led through what its history is to show, to its end. */
export type Life = (theCase: CaseUnderTest) => Promise<void>;
/** Lives by the name of the file that they are recorded in. */
export type Lives = Readonly<Record<string, Life>>;

export const approval = { ...SUPERVISOR, commandId: 'approval', number: 2, digest: DIGEST, criteria: ALL_MET };

/** Another text; as `ChannelWorld` has it, revision 3 has another photo as well. */
export function revision(number: number): DraftRevision {
  return { number, digest: OTHER_DIGEST, area: AREA, languagesMissing: [] };
}

/** Reports and approves, without waiting for what comes of it. */
export async function approve(theCase: CaseUnderTest): Promise<void> {
  await theCase.report();
  await theCase.signal('approve', approval);
}

/** Leads a case to where the public sees it on both channels. */
export async function goLive(theCase: CaseUnderTest): Promise<void> {
  await approve(theCase);
  await isLive(theCase);
}

export async function isLive(theCase: CaseUnderTest): Promise<void> {
  await theCase.until(() => theCase.view?.liveChannels.length === 2);
}

/** Ends a case: the child was found. */
export async function find(theCase: CaseUnderTest): Promise<void> {
  await theCase.signal('childFound', { ...OPERATOR, outcome: 'recovered_through_alert' });
}

/** Until the workflow has ended; its clock runs on meanwhile. */
export async function end(theCase: CaseUnderTest): Promise<void> {
  await theCase.handle?.result();
}

export async function findAndEnd(theCase: CaseUnderTest): Promise<void> {
  await find(theCase);
  await end(theCase);
}

/** Proposes a revision and approves it. */
export async function amend(
  theCase: CaseUnderTest,
  number = 2,
  how: { readonly removeFirst?: boolean } = {},
): Promise<void> {
  await theCase.signal('amend', { ...OPERATOR, revision: revision(number) });
  await theCase.until(() => theCase.view?.amendment?.number === number);
  await theCase.signal('approveAmendment', { ...OTHER_SUPERVISOR, digest: OTHER_DIGEST, ...how });
}

/** Until each channel shows one post, and that of a revision. */
export async function shows(theCase: CaseUnderTest, number: number): Promise<void> {
  const worlds = Object.values(theCase.worlds);
  await theCase.until(() => worlds.every((world) => world.public.length === 1 && world.public[0]?.revision === number));
}

/** Until this many people, or groups of them, were told of something. */
export async function told(theCase: CaseUnderTest, about: string, times = 1): Promise<void> {
  await theCase.until(() => theCase.notices.filter(({ notice }) => notice.subject.about === about).length >= times);
}
