import type { Figures } from './measure.js';
import type { PreStagingFigures } from './pre-staging.js';
import type { Spread } from './statistics.js';

/** The figures as a table in Markdown. */
export function markdownOf({
  approveToLive,
  wholeCases,
  historyEventsSpread,
  apiReply,
  preStaging,
}: Figures & { readonly preStaging: PreStagingFigures }): string {
  const { facebook } = approveToLive;
  const events = historyEventsSpread;
  return [
    '| | bare | ours | ours / bare |',
    '| --- | --- | --- | --- |',
    row('approve → both live, p50 (quartiles)', approveToLive, middle, approveToLive.ratioP50),
    row('approve → both live, p99', approveToLive, ({ p99 }) => `${whole(p99)} ms`, approveToLive.ratioP99),
    row('approve → Facebook live, p50 (quartiles)', facebook, middle, facebook.ratioP50),
    row(
      `whole cases by the second, ${wholeCases.atATime} at a time (quartiles)`,
      wholeCases,
      ({ p25, p50, p75 }) => `${p50.toFixed(1)} (${p25.toFixed(1)}–${p75.toFixed(1)})`,
      wholeCases.ratio,
    ),
    row('events in the history of a case', events, ({ p50 }) => whole(p50), events.ours.p50 / events.bare.p50),
    `| staff API's answer to a report with its photo, p50 (quartiles) | | ${middle(apiReply.reportSpread)} | |`,
    `| staff API's answer to \`approve\`, p50 (quartiles) | | ${middle(apiReply.approveSpread)} | |`,
    `| request \`approve\` → both live, p50 (quartiles) | | ${middle(apiReply.toLiveSpread)} | |`,
    '',
    "| with call times like Meta's, p50 (quartiles) | | to the slowest publish call |",
    '| --- | --- | --- |',
    `| slowest publish call | ${middle(preStaging.slowestPublish)} | |`,
    `| approve → both live, pre-staged | ${middle(preStaging.on)} | ${preStaging.ratioOn.toFixed(2)} |`,
    `| approve → both live, not pre-staged | ${middle(preStaging.off)} | ${(preStaging.offP50Ms / preStaging.slowestPublishP50Ms).toFixed(2)} |`,
  ].join('\n');
}

function row(
  what: string,
  { bare, ours }: { readonly bare: Spread; readonly ours: Spread },
  show: (spread: Spread) => string,
  ratio: number,
): string {
  return `| ${what} | ${show(bare)} | ${show(ours)} | ${ratio.toFixed(2)} |`;
}

function middle({ p25, p50, p75 }: Spread): string {
  return `${whole(p50)} ms (${whole(p25)}–${whole(p75)})`;
}

function whole(value: number): string {
  return value.toFixed(0);
}
