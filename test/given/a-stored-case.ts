import { randomBytes, randomUUID } from 'node:crypto';
import type { CaseState } from '../../src/domain/case.js';
import { type CaseNumber, newCaseNumber } from '../../src/domain/case-number.js';
import { decide, type Command } from '../../src/domain/decide.js';
import type { CaseEvent, JournalEntry } from '../../src/domain/event.js';
import { evolveAll } from '../../src/domain/evolve.js';
import { handle } from '../../src/domain/handle.js';
import { LANGUAGES, type Report } from '../../src/domain/report.js';
import type { Step, StepOutcome } from '../../src/domain/publication.js';
import { ACCOUNT_CHANNELS, type ChannelName } from '../../src/domain/channel.js';
import { CARDS, IMAGE_PARTS, revisionDigest, type RevisionManifest } from '../../src/domain/revision.js';
import { MINUTE } from '../../src/domain/time.js';
import { viewOf } from '../../src/domain/view.js';
import { CARD_TYPES } from '../../src/media/card/formats.js';
import type { RenderedPart, RenderedRevision } from '../../src/media/render-revision.js';
import { sha256 } from '../../src/media/sha256.js';
import type { JournalBatch } from '../../src/ports/case-journal.js';
import type { NewReport } from '../../src/store/case-store.js';
import { POLICY, REPORTED_AT } from './a-case.js';

/** An invented report, with a police-only part. */
export const REPORT: Report = {
  tier: 'amber',
  runKind: 'exercise',
  jurisdiction: 'QA',
  child: { name: { ar: 'طفلة التمرين', en: 'Exercise Child' }, age: { from: 8, to: 9 }, sex: 'female' },
  lastSeen: {
    at: '2026-11-24T05:20:05+03:00',
    place: { ar: 'الكورنيش', en: 'the Corniche' },
    location: { latitude: 25.3, longitude: 51.52 },
  },
  circumstances: { ar: 'تمرين', en: 'an exercise' },
  policeOnly: { guardianContact: 'guardian 555', legalBasis: 'consent', notes: 'police only' },
};

/** A report as it is stored, under a case number of its own. */
export function aNewReport(changes: Partial<NewReport> = {}): NewReport {
  const caseNumber = changes.caseNumber ?? newCaseNumber(randomBytes);
  const photo = Buffer.from('the photo');
  return {
    caseNumber,
    commandId: randomUUID(),
    actor: 'operator-1',
    role: 'operator',
    report: REPORT,
    photo: { bytes: photo, sha256: sha256(photo), width: 640, height: 480 },
    revision: aRevision(caseNumber, 1, changes.policy?.channels),
    policyVersion: 'test',
    policy: POLICY,
    ...changes,
  };
}

/** A revision with every part that one has, the image's bytes being no real image. */
export function aRevision(
  caseNumber: CaseNumber,
  number = 1,
  channels: readonly ChannelName[] = POLICY.channels,
): RenderedRevision {
  const part = (name: string, mediaType: RenderedPart['mediaType'], content: string): RenderedPart => {
    const bytes = Buffer.from(content);
    return { name, mediaType, bytes, sha256: sha256(bytes) };
  };
  const text = 'text/plain; charset=utf-8';
  const parts = channels.flatMap((channel) => [
    part(`${channel}/text`, text, `the post on ${channel}`),
    ...LANGUAGES.map((language) => part(`${channel}/text/${language}`, text, `${channel} in ${language}`)),
    part(`${channel}/altText`, text, `what the image on ${channel} shows`),
  ]);
  for (const channel of ACCOUNT_CHANNELS) {
    parts.push(part(IMAGE_PARTS[channel], 'image/jpeg', `the image on ${channel} of ${caseNumber}`));
  }
  const others = CARDS.filter((card) => card !== 'feed');
  parts.push(...others.map((card) => part(`card/${card}`, CARD_TYPES[card], `the ${card} of ${caseNumber}`)));
  const manifest: RevisionManifest = {
    caseNumber,
    revision: number,
    tier: REPORT.tier,
    runKind: REPORT.runKind,
    area: { centre: REPORT.lastSeen.location, radiusKm: 160, widening: [] },
    countries: ['QA'],
    parts: parts.map((rendered) => ({ name: rendered.name, sha256: rendered.sha256 })),
    salt: randomBytes(16).toString('hex'),
  };
  return { manifest, digest: revisionDigest(manifest, sha256), parts };
}

/** What the case of a stored report journals, as its workflow would: commands are answered one minute after another. */
export interface CaseLife {
  /** Answers one more command, and returns the entries that came of it. */
  answer(command: Command, commandId: string): JournalEntry[];
  /** Takes a step on a channel, with what came of it. */
  step(channel: ChannelName, step: Step, outcome: StepOutcome): void;
  /** The entries from one sequence number to another, both included, with the view after the last. */
  batch(from?: number, to?: number): JournalBatch;
}

/** Begins the life of a stored case: its report is answered. */
export function lifeOf(report: NewReport, stored: { readonly storedAt: number }): CaseLife {
  const { caseNumber, commandId } = report;
  const states: CaseState[] = [];
  const entries: JournalEntry[] = [];
  let now = REPORTED_AT;
  const record = (events: readonly CaseEvent[]): JournalEntry[] => {
    const from = entries.length;
    for (const [index, event] of events.entries()) {
      entries.push({ seq: entries.length + 1, at: now, event });
      // The record of the report comes before there is a case: its state is the one that the opening makes.
      const state = evolveAll(states.at(-1) ?? null, [event]) ?? evolveAll(null, events.slice(0, index + 2));
      if (state) states.push(state);
    }
    return entries.slice(from);
  };
  const life: CaseLife = {
    answer(command, id) {
      now += MINUTE;
      return record(handle(states.at(-1) ?? null, command, id, now));
    },
    step(channel, step, outcome) {
      const state = states.at(-1) ?? null;
      const started = decide(state, { kind: 'stepStarts', channel, step }, now);
      if (Array.isArray(started)) record(started);
      now += MINUTE;
      const ended = decide(states.at(-1) ?? null, { kind: 'stepEnded', channel, step, outcome }, now);
      if (Array.isArray(ended)) record(ended);
    },
    batch(from = 1, to = entries.length) {
      const state = states[to - 1];
      if (!state) throw new RangeError('there is no such entry');
      return { caseNumber, entries: entries.slice(from - 1, to), view: viewOf(state) };
    },
  };
  life.answer(
    {
      kind: 'report',
      commandId,
      number: 1,
      actor: report.actor,
      role: report.role,
      at: stored.storedAt,
      caseNumber,
      tier: report.report.tier,
      runKind: report.report.runKind,
      jurisdiction: report.report.jurisdiction,
      reissueOf: null,
      policyVersion: report.policyVersion,
      policy: report.policy,
      revision: {
        number: 1,
        digest: report.revision.digest,
        area: { radiusKm: report.revision.manifest.area.radiusKm, widening: [] },
        languagesMissing: [],
      },
    },
    commandId,
  );
  return life;
}
