import type { CaseNumber } from '../domain/case-number.js';
import type { Report } from '../domain/report.js';
import type { CaseRecord, CaseSummary, Preview, TimelineEntry } from '../store/case-store.js';
import { withZonedTimes } from './zoned-times.js';

/** Everything the store knows of one case. */
export interface WholeCase {
  readonly record: CaseRecord;
  readonly report: Report | undefined;
  readonly preview: Preview | undefined;
  readonly timeline: readonly TimelineEntry[];
}

/** A case as the list shows it. */
export function summaryAnswer(summary: CaseSummary, timeZone: string): unknown {
  return withZonedTimes({ ...summary, self: casePath(summary.caseNumber) }, timeZone);
}

/** A case as those who work on it see it: the report with its police-only fields, what the public would see, and all that happened. */
export function caseAnswer(
  { record, report, preview, timeline }: WholeCase,
  timeZone: string,
  temporalUi: string,
): unknown {
  const { caseNumber } = record;
  const times = (value: unknown): unknown => withZonedTimes(value, timeZone);
  return {
    ...(times(record) as object),
    report: report ?? null,
    preview: preview ? previewAnswer(caseNumber, preview) : null,
    timeline: timeline.map(({ seq, at, event: { type, ...fields }, note }) =>
      times({ seq, at, type, fields, ...(note !== null && { note }) }),
    ),
    temporalUi,
  };
}

function previewAnswer(caseNumber: CaseNumber, { channels, ...preview }: Preview): object {
  const images = `${casePath(caseNumber)}/revisions/${preview.revision}/images`;
  return { ...preview, channels: channels.map((channel) => ({ ...channel, image: `${images}/${channel.channel}` })) };
}

/** The address of a case. */
export function casePath(caseNumber: CaseNumber): string {
  return `/api/cases/${caseNumber}`;
}
