import type { ChannelName } from './channel.js';
import type { Sha256 } from './revision.js';
import type { Instant } from './time.js';

/**
 * How far an object on a channel has come.
 * - `staged`: made, and nobody can see it.
 * - `unknown`: a flip was sent and its outcome is not known. Only looking at the object settles it.
 * - `live`: the public sees it.
 * - `handedOver`: the desk that puts it before the public has it. Only people know whether it is to be seen.
 * - `takenBack`: the desk has been asked to take it down. Only people know whether it is gone.
 * - `watched`: it should be gone and was not seen, but a late flip may still surface it until it lapses.
 */
export type ObjectState = 'staged' | 'unknown' | 'live' | 'handedOver' | 'takenBack' | 'watched';

/** One object we made on a channel: a Facebook post, or an Instagram container and the media it becomes. */
export interface ChannelObject {
  /** The id it was staged under. Publishing is a flip of this id: the same id twice cannot make two posts. */
  readonly id: string;
  readonly revision: number;
  readonly digest: Sha256;
  readonly state: ObjectState;
  /** When a flip may last have reached the channel; null when none ever was: what was never flipped cannot surface late. */
  readonly flippedAt: Instant | null;
  /** The id of what the public sees, where the channel gives it another one (Instagram). */
  readonly postId: string | null;
  readonly permalink: string | null;
  readonly stagedAt: Instant;
  /** Ids of what it was made of and nobody sees by itself (Facebook's unpublished photo); removed with it. */
  readonly attachments: readonly string[];
  /** When a staged object lapses by itself (an Instagram container after 24 h); null when it does not. */
  readonly lapsesAt: Instant | null;
  /** Whether it was put there by a person and we do not know its id: only a person can take it down. */
  readonly byHand: boolean;
  /** Whether it turned out that its text cannot be changed into the wanted one. */
  readonly notEditable: boolean;
  /**
   * Whether publishing it makes a post of its own each time, under an id that nobody knows before. Then it is sent once: only finding
   * the post, or a person, settles an outcome that is not known.
   */
  readonly postsAnew: boolean;
  /** The radius it is shown in, in kilometres, where the channel delivers one. */
  readonly radiusKm: number | null;
}

/** The reach a channel was asked for and the targeting it delivered; a public API cannot deliver a radius. */
export interface Reach {
  readonly askedRadiusKm: number;
  readonly deliveredCountries: readonly string[];
  /** The radius that is really delivered, in kilometres; left out where none is. */
  readonly deliveredRadiusKm?: number;
}

/** Why the next step on a channel waits: an outcome that was not what was wanted, and until when. */
export interface Hold {
  readonly cause: 'throttled' | 'refused' | 'uncertain' | 'lingering' | 'notFound';
  /** A stable code, `meta/190`; never a message. */
  readonly code: string;
  readonly until: Instant;
  /** Said of a post that may not be removed: nobody can comment on it any more. */
  readonly commentsClosed?: true;
  /** Said of an older post that could not be removed: until it is, the newest approved revision is not published. */
  readonly newestWaits?: true;
}

/** A step on a channel. At most one is in flight on a channel at a time. */
export type StepKind = 'stage' | 'publish' | 'look' | 'update' | 'expire';

export interface Step {
  readonly kind: StepKind;
  /** The revision that the step is about: for `update`, the one that the object is to show. */
  readonly revision: number;
  readonly digest: Sha256;
  /** The object it acts on; null for `stage`, which makes one. */
  readonly objectId: string | null;
  /** The radius that the object is to be shown in, in kilometres; for an `update` where the channel delivers one. */
  readonly radiusKm?: number;
}

/** One alert on one channel. What is wanted follows from the case; this is what is there. */
export interface Publication {
  readonly channel: ChannelName;
  readonly objects: readonly ChannelObject[];
  readonly inFlight: Step | null;
  readonly hold: Hold | null;
  /** Steps in a row that did not bring what they were for. */
  readonly failures: number;
  /** Since when what is wanted waits for what waiting does not mend, refused or sent and not found; a person is told at once. */
  readonly refusedSince: Instant | null;
  readonly reach: Reach | null;
  readonly liveSince: Instant | null;
  readonly removedAt: Instant | null;
}

/** What came of a step. The activities return it; `decide` says what it means. */
export type StepOutcome =
  | { readonly result: 'staged'; readonly object: StagedObject; readonly reach: Reach }
  /** People have what the step was for, to publish it or to take it down, and say when they have. */
  | { readonly result: 'handedOver' }
  | { readonly result: 'live'; readonly postId: string | null; readonly permalink: string | null }
  /** The object shows the revision of the step now. */
  | { readonly result: 'updated' }
  /** More than the text would have to change: the object has to be replaced. */
  | { readonly result: 'notEditable' }
  /** The object is there and nobody can see it. */
  | { readonly result: 'notLive' }
  /** The channel knows no such object. */
  | { readonly result: 'absent' }
  | { readonly result: 'removed' }
  /** Nothing to remove was seen, but a flip that was sent may still take effect. */
  | { readonly result: 'notSeen' }
  | { readonly result: 'throttled'; readonly code: string; readonly retryAfterMs: number }
  | { readonly result: 'refused'; readonly code: string; readonly commentsClosed?: true }
  | { readonly result: 'unknown'; readonly code: string }
  /** The step was called off before it was sent. */
  | { readonly result: 'notSent' };

export interface StagedObject {
  readonly id: string;
  readonly attachments: readonly string[];
  readonly lapsesAt: Instant | null;
  /** Left out where publishing flips this very object. */
  readonly postsAnew?: boolean;
  /** Left out where no radius is delivered. */
  readonly radiusKm?: number;
}

/** What the reconciler does next on a channel: take a step, wait, or nothing because wanted and there agree. */
export type Next =
  | { readonly do: 'step'; readonly step: Step }
  | { readonly do: 'wait'; readonly until: Instant }
  | { readonly do: 'nothing' };

/** A revision, by what binds a channel's object to it. */
export interface NamedRevision {
  readonly revision: number;
  readonly digest: Sha256;
}

/** The revision wanted on a channel; null when nothing may be there. */
export type Wanted =
  | (NamedRevision & {
      /** Whether the public is to see it; otherwise it is only staged. */
      readonly live: boolean;
      /** The revision that may replace what is live, staged beside it once there is nothing else to do; null when there is none. */
      readonly next: NamedRevision | null;
      /** What shows a revision below this must go first. */
      readonly wrongBefore: number;
      /** In kilometres. */
      readonly radiusKm: number;
    })
  | null;

/** Where the text of a post can be changed: an amendment of the text alone then keeps the post, with all that was shared of it. */
const TEXT_EDITABLE: Readonly<Record<ChannelName, boolean>> = {
  facebook: true,
  instagram: false,
  'meta-partner': false,
};

/** Where people of another organisation publish and take down: they are asked to, and say when they have. */
const BY_PEOPLE: Readonly<Record<ChannelName, boolean>> = { facebook: false, instagram: false, 'meta-partner': true };

/** A publication on which nothing has happened yet. */
export function emptyPublication(channel: ChannelName): Publication {
  return {
    channel,
    objects: [],
    inFlight: null,
    hold: null,
    failures: 0,
    refusedSince: null,
    reach: null,
    liveSince: null,
    removedAt: null,
  };
}

/**
 * The one rule of the reconcilers: compares what is wanted with what is there and names the one step that brings them closer.
 * An alert that is live is edited where only its text changes; else the new one is published before the old one is removed, but for an
 * old one that shows the wrong child or photo, and for all but one of several old ones. What is not to be live yet is staged, and left so; beside what is live only once nothing else is left to do. When nothing is wanted everything is removed, staged objects too.
 */
export function nextStep(publication: Publication, wanted: Wanted, now: Instant): Next {
  if (publication.inFlight) return { do: 'nothing' };
  const step = stepTowards(publication, wanted);
  if (!step) return { do: 'nothing' };
  if (publication.hold && publication.hold.until > now) return { do: 'wait', until: publication.hold.until };
  return { do: 'step', step };
}

function stepTowards({ channel, objects }: Publication, wanted: Wanted): Step | undefined {
  return BY_PEOPLE[channel] ? stepThroughPeople(objects, wanted) : stepOfOurs(channel, objects, wanted);
}

function stepOfOurs(channel: ChannelName, objects: readonly ChannelObject[], wanted: Wanted): Step | undefined {
  const chosen = wanted ? objectFor(objects, wanted) : undefined;
  const wrong = wanted && objects.find((object) => isWrong(object, wanted));
  if (wrong) return stepOn(wrong, 'expire');
  // Also where its successor is staged already: an edit keeps what was shared of the post.
  if (wanted && TEXT_EDITABLE[channel] && (!chosen || wasNeverSent(chosen))) {
    const { revision, digest } = wanted;
    const edited = objects.find((object) => object.state === 'live' && !object.byHand && !object.notEditable);
    if (edited) return { ...stepOn(edited, 'update'), revision, digest };
  }
  if (wanted && !chosen) return stageOf(wanted);
  if (wanted?.live && chosen?.state === 'staged') {
    // The old and the new, and never three: what was amended twice before the first post could be removed waits for that.
    const [oldest, another] = objects.filter((object) => object !== chosen && mayBeSeen(object) && !object.byHand);
    return oldest && another ? stepOn(oldest, 'expire') : stepOn(chosen, 'publish');
  }
  if (chosen && chosen.state !== 'staged' && chosen.state !== 'live') return stepOn(chosen, 'look');
  // Beside a post made by hand, what was staged may be what the person published: it goes only when that goes too.
  const mayBeChosen = (object: ChannelObject): boolean =>
    chosen?.byHand === true && object.state === 'staged' && object.revision === chosen.revision;
  const next = wanted?.next ?? null;
  const unwanted = objects.find(
    (object) => object !== chosen && !object.byHand && !mayBeChosen(object) && object.revision !== next?.revision,
  );
  if (unwanted) return stepOn(unwanted, 'expire');
  return next && !objectFor(objects, next) ? stageOf(next) : undefined;
}

/**
 * The same where people publish: what they were handed is left to them until they say that it is live, and what they were asked to take
 * down until they say that it is gone. Handing over twice does no harm, so that an outcome which is not known is settled by that.
 */
function stepThroughPeople(objects: readonly ChannelObject[], wanted: Wanted): Step | undefined {
  const chosen = wanted ? objectFor(objects, wanted) : undefined;
  const wrong = wanted && objects.find((object) => isWrong(object, wanted));
  if (wrong) return askedBack(wrong);
  if (wanted && !chosen) return stageOf(wanted);
  if (wanted?.live && chosen && !chosen.byHand) {
    if (chosen.state === 'staged' || chosen.state === 'unknown') return stepOn(chosen, 'publish');
    const { radiusKm } = wanted;
    if (chosen.radiusKm !== radiusKm) return { ...stepOn(chosen, 'update'), radiusKm };
    // What it replaces stays until it is there.
    if (chosen.state !== 'live') return undefined;
  }
  const unwanted = objects.find((object) => object !== chosen && !object.byHand && object.state !== 'takenBack');
  return unwanted && stepOn(unwanted, 'expire');
}

function askedBack(object: ChannelObject): Step | undefined {
  return object.state === 'takenBack' ? undefined : stepOn(object, 'expire');
}

/** Whether nobody but people can settle what the outcome of a publication is, and handing it over again does no harm. */
export function isThroughPeople({ channel }: Publication): boolean {
  return BY_PEOPLE[channel];
}

/** The object that shows a revision or is to show it; of several the one that is live already. */
export function objectFor(
  objects: readonly ChannelObject[],
  wanted: Pick<NamedRevision, 'revision'>,
): ChannelObject | undefined {
  const ofRevision = objects.filter(({ revision }) => revision === wanted.revision);
  return ofRevision.find(({ state }) => state === 'live') ?? ofRevision[0];
}

/** Whether the public sees an object, for all we know. */
function mayBeSeen({ state }: ChannelObject): boolean {
  return state === 'live' || state === 'unknown';
}

/** Whether an object must go before anything else; one that was put there by hand, or that nobody sees, keeps nothing up. */
function isWrong({ revision, state, byHand }: ChannelObject, { wrongBefore }: NonNullable<Wanted>): boolean {
  return revision < wrongBefore && state !== 'watched' && !byHand;
}

function wasNeverSent({ state, flippedAt }: ChannelObject): boolean {
  return state === 'staged' && flippedAt === null;
}

function stageOf({ revision, digest }: NamedRevision): Step {
  return { kind: 'stage', revision, digest, objectId: null };
}

function stepOn({ id, revision, digest }: ChannelObject, kind: StepKind): Step {
  return { kind, revision, digest, objectId: id };
}

/** Whether something was sent that may be a post, and nothing but finding it, or a person, tells whether it is one. */
export function isInDoubt({ state, postsAnew }: ChannelObject): boolean {
  return postsAnew && state === 'unknown';
}

/**
 * Whether the step in flight works towards something no longer wanted, so that it is to be called off if it has not started. Staging, which
 * may be tried for ever, gives way to whatever else there is to do.
 */
export function isOvertaken(publication: Publication, wanted: Wanted): boolean {
  const { inFlight } = publication;
  if (inFlight === null || inFlight.kind === 'expire') return false;
  if (inFlight.kind !== 'stage') return inFlight.revision !== wanted?.revision;
  const step = stepTowards(publication, wanted);
  return step?.kind !== 'stage' || step.revision !== inFlight.revision;
}

/** Whether the removal in flight has to succeed before the public sees what is wanted: of what is wrong, or of the older of two old posts. */
export function keepsNewestWaiting({ inFlight, objects }: Publication, wanted: Wanted): boolean {
  if (inFlight?.kind !== 'expire' || !wanted?.live) return false;
  const chosen = objectFor(objects, wanted);
  return chosen === undefined || chosen.state === 'staged';
}

/** Whether the step in flight has one attempt, and so an end within a moment: the others may be tried for ever. */
export function isAboutToEnd({ inFlight }: Publication): boolean {
  return inFlight?.kind === 'publish' || inFlight?.kind === 'expire';
}

/** Whether the public sees nothing of ours on the channel, as far as can be known. */
export function isClear({ objects, inFlight }: Publication): boolean {
  return (inFlight === null || inFlight.kind === 'expire') && objects.every(({ state }) => state === 'watched');
}

/** Whether nothing is left on the channel that could ever be seen: the case may let go of it. */
export function isSettled({ objects, inFlight }: Publication): boolean {
  return inFlight === null && objects.length === 0;
}
