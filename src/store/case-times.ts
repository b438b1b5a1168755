import type { ChannelName } from '../domain/channel.js';
import type { Instant, Milliseconds } from '../domain/time.js';
import type { PublicationView } from '../domain/view.js';

/** How long things take: from the report to the approval, from there to the first post that the public can see, and altogether. */
export const MEASURES = ['reportToApproval', 'approvalToLive', 'reportToLive'] as const;
export type Measure = (typeof MEASURES)[number];

/** When a case was reported, first approved, and first live on each channel; null for what has not happened. */
export interface CaseTimes {
  readonly reportedAt: Instant;
  readonly approvedAt: Instant | null;
  readonly liveAt: Readonly<Record<ChannelName, Instant | null>>;
  readonly reportToApprovalMs: Milliseconds | null;
  /** Until it was live on the first channel. */
  readonly approvalToLiveMs: Milliseconds | null;
  readonly reportToLiveMs: Milliseconds | null;
}

/** A case's times as they are stored. */
export interface StoredTimes {
  readonly reportedAt: Instant;
  readonly activeSince: Instant | null;
  readonly firstLiveAt: Instant | null;
  readonly liveAt: Readonly<Partial<Record<ChannelName, Instant>>>;
}

/** Takes the measures of one case. */
export function caseTimes(
  { reportedAt, activeSince, firstLiveAt, liveAt }: StoredTimes,
  channels: readonly ChannelName[],
): CaseTimes {
  const between = (from: Instant | null, to: Instant | null): Milliseconds | null =>
    from === null || to === null ? null : to - from;
  return {
    reportedAt,
    approvedAt: activeSince,
    liveAt: Object.fromEntries(channels.map((channel) => [channel, liveAt[channel] ?? null])) as CaseTimes['liveAt'],
    reportToApprovalMs: between(reportedAt, activeSince),
    approvalToLiveMs: between(activeSince, firstLiveAt),
    reportToLiveMs: between(reportedAt, firstLiveAt),
  };
}

/** When an alert was first live on each channel, and on the first of them. */
export function liveTimes(publications: readonly PublicationView[]): Pick<StoredTimes, 'firstLiveAt' | 'liveAt'> {
  const live = publications.flatMap(({ channel, liveSince }) => (liveSince === null ? [] : [{ channel, liveSince }]));
  return {
    firstLiveAt: live.length > 0 ? Math.min(...live.map(({ liveSince }) => liveSince)) : null,
    liveAt: Object.fromEntries(live.map(({ channel, liveSince }) => [channel, liveSince])),
  };
}
