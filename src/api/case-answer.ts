import { wordsOfHold } from '../channels/hold-words.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { Hold } from '../domain/publication.js';
import type { LocalText, Report } from '../domain/report.js';
import type { CaseRecord, CaseSummary, Preview, StoredSighting, TimelineEntry } from '../store/case-store.js';
import { problemPart } from './problem.js';
import { withZonedTimes, zonedTime } from './zoned-times.js';

/** Everything the store knows of one case. */
export interface WholeCase {
  readonly record: CaseRecord;
  /** Of the revision that waits for its approval, or else of the one that was approved. */
  readonly report: Report | undefined;
  /** Or why it cannot be shown. */
  readonly preview: Preview | 'content_mismatch' | undefined;
  readonly sightings: readonly StoredSighting[];
  readonly timeline: readonly TimelineEntry[];
  /** What the criteria say, by their ids. */
  readonly words: Readonly<Record<string, LocalText>>;
}

/** A case as the list shows it. */
export function summaryAnswer(summary: CaseSummary, timeZone: string): unknown {
  return withZonedTimes({ ...summary, self: casePath(summary.caseNumber) }, timeZone);
}

/** A case as those who work on it see it: the report with its police-only fields, what the public would see, and all that happened. */
export function caseAnswer(
  { record, report, preview, sightings, timeline, words }: WholeCase,
  timeZone: string,
  temporalUi: string,
): unknown {
  const { caseNumber } = record;
  const { times, publications, ...state } = record;
  const isShown = preview !== undefined && preview !== 'content_mismatch';
  return {
    ...(withZonedTimes(state, timeZone) as object),
    publications: withZonedTimes(publications.map(inWords), timeZone),
    times: timesAnswerOf(times, timeZone),
    // A criterion that has gone from the policy file since is known by its id only.
    criteria: record.criteria.map((id) => ({ id, text: words[id] ?? { ar: id, en: id } })),
    report: report ?? null,
    preview: isShown ? withZonedTimes(previewAnswer(caseNumber, preview), timeZone) : null,
    previewProblem: preview === 'content_mismatch' ? problemPart(preview) : null,
    sightings: withZonedTimes(sightings, timeZone),
    timeline: timelineAnswer(timeline, sightings, timeZone),
    temporalUi,
  };
}

/** One revision: what the public would see of it, and what it was made from. */
export function revisionAnswer(
  {
    caseNumber,
    preview,
    report,
  }: { readonly caseNumber: CaseNumber; readonly preview: Preview; readonly report: Report },
  timeZone: string,
): unknown {
  return { caseNumber, ...(withZonedTimes(previewAnswer(caseNumber, preview), timeZone) as object), report };
}

/** Entries of a timeline, each with the sighting that it is about. */
export function timelineAnswer(
  entries: readonly TimelineEntry[],
  sightings: readonly StoredSighting[],
  timeZone: string,
): unknown {
  const sightingOf = (commandId: string): StoredSighting | undefined =>
    sightings.find((sighting) => sighting.commandId === commandId);
  const answers = entries.map(({ seq, at, event: { type, ...fields }, note, sighting }) => ({
    seq,
    at,
    type,
    fields: inWords(fields),
    ...(note !== null && { note }),
    ...(sighting !== null && { sighting: sightingOf(sighting) }),
  }));
  return withZonedTimes(answers, timeZone);
}

/** The same with what holds it up, if anything does, in words as well. */
function inWords(held: object): object {
  const { hold } = held as { readonly hold?: Hold | null };
  return hold ? { ...held, hold: { ...hold, ...wordsOfHold(hold) } } : held;
}

function timesAnswerOf({ liveAt, ...times }: CaseRecord['times'], timeZone: string): object {
  const onChannels = Object.entries(liveAt).map(([channel, at]) => [
    channel,
    at === null ? null : zonedTime(at, timeZone),
  ]);
  return { ...(withZonedTimes(times, timeZone) as object), liveAt: Object.fromEntries(onChannels) as object };
}

function previewAnswer(caseNumber: CaseNumber, { channels, cards, ...preview }: Preview): object {
  const revision = `${casePath(caseNumber)}/revisions/${preview.revision}`;
  return {
    ...preview,
    channels: channels.map((channel) => ({ ...channel, image: `${revision}/images/${channel.channel}` })),
    cards: cards.map(({ card, mediaType }) => ({ card, mediaType, address: `${revision}/cards/${card}` })),
  };
}

/** The address of a case. */
export function casePath(caseNumber: CaseNumber): string {
  return `/api/cases/${caseNumber}`;
}
