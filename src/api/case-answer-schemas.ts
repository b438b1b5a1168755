import { z } from 'zod';
import { RUN_KINDS, TIERS } from '../domain/policy.js';
import { LANGUAGES, type LocalText, type Report, SEXES } from '../domain/report.js';
import { CHANNELS } from '../domain/channel.js';
import { CARDS } from '../domain/revision.js';
import type { PublicationView, RevisionView } from '../domain/view.js';
import type { CaseRecord, CaseSummary, Preview, StoredSighting, TimelineEntry } from '../store/case-store.js';
import { digestSchema, millisecondsSchema, staffIdSchema, statusSchema, zonedTimeSchema } from './answer-values.js';
import { caseNumberSchema, commandIdSchema } from './path-parameters.js';
import { problemPartSchema } from './problem-schema.js';

/*
 * What `case-answer.ts` sends. The shapes name every field of the types that it is made of, so that a field that is new there does not
 * compile before it is described here; what the domain may grow (endings, timers, events) is described as far as it is common to all.
 */

type Shape<T> = Readonly<Record<keyof T, z.ZodType>>;

const coordinates = z.strictObject({ latitude: z.number(), longitude: z.number() });
const localText = z.strictObject({ ar: z.string(), en: z.string() } satisfies Shape<LocalText>);
const path = z.string().meta({ format: 'uri-reference' });

const revision = z.strictObject({
  number: z.int().min(1),
  digest: digestSchema,
  author: staffIdSchema,
} satisfies Shape<RevisionView>);

const summary = {
  caseNumber: caseNumberSchema,
  tier: z.enum(TIERS),
  runKind: z.enum(RUN_KINDS),
  jurisdiction: z.string(),
  reissueOf: caseNumberSchema.nullable().meta({ description: 'The ended case whose content this one continues.' }),
  status: statusSchema,
  reportedBy: staffIdSchema,
  reportedAt: zonedTimeSchema,
  revision,
  amendment: revision.nullable().meta({ description: 'What waits for its approval while another revision is live.' }),
  activeSince: zonedTimeSchema.nullable().meta({ description: 'When the alert was first approved.' }),
  radiusKm: z.number(),
  approvedAt: zonedTimeSchema.nullable(),
  approvedBy: staffIdSchema.nullable(),
  expiresAt: zonedTimeSchema.nullable(),
  ending: z.looseObject({ as: z.string(), at: zonedTimeSchema }).nullable(),
  escalationLevel: z.int().min(0),
  needsAttention: z.boolean(),
  liveChannels: z.array(z.enum(CHANNELS)),
  nextTimer: z.looseObject({ timer: z.string(), at: zonedTimeSchema }).nullable(),
  updatedAt: zonedTimeSchema,
} satisfies Shape<CaseSummary>;

/** A case as the list shows it. */
const caseSummarySchema = z.strictObject({ ...summary, self: path }).meta({ id: 'CaseSummary' });

const foundCases = z.array(caseSummarySchema).meta({
  description: 'Newest first. They may be fewer than the limit, even none, while another page follows.',
});

/** A page of the list of cases. */
export const caseListSchema = z.strictObject({
  cases: foundCases,
  next: path.nullable().meta({ description: 'The address of the next page; null at the end.' }),
});

/** A page of what a search has found. */
export const foundCasesSchema = z.strictObject({
  cases: foundCases,
  next: z.string().nullable().meta({ description: 'The `cursor` of the next page; null at the end.' }),
});

const publication = z.strictObject({
  channel: z.enum(CHANNELS),
  wanted: z.int().nullable().meta({ description: 'The revision that ought to be there; null when nothing may be.' }),
  there: z.array(
    z.strictObject({
      objectId: z.string(),
      postId: z.string().nullable(),
      revision: z.int(),
      state: z.string(),
      permalink: z.string().nullable(),
      byHand: z.boolean(),
      postsAnew: z.boolean().meta({
        description: 'Whether it is sent only once, because publishing it again would make another post.',
      }),
    } satisfies Shape<PublicationView['there'][number]>),
  ),
  inFlight: z.string().nullable().meta({ description: 'The step that is being taken.' }),
  hold: z
    .looseObject({
      cause: z.string(),
      code: z.string().meta({ description: 'Stable: the thing to program against.' }),
      means: localText.meta({ description: 'What the code means.' }),
      next: localText.meta({ description: 'What a person does next.' }),
      until: zonedTimeSchema,
      commentsClosed: z
        .literal(true)
        .optional()
        .meta({ description: 'A post that the channel does not let be removed is closed to comments.' }),
      newestWaits: z.literal(true).optional().meta({
        description:
          'An older post could not be removed, and the newest approved revision is not published until it is.',
      }),
    })
    .nullable(),
  reach: z
    .looseObject({
      askedRadiusKm: z.number(),
      deliveredCountries: z.array(z.string()),
      deliveredRadiusKm: z.number().optional().meta({ description: 'Where a channel delivers a radius.' }),
    })
    .nullable()
    .meta({ description: 'What the channel was asked for, and what it delivered.' }),
  liveSince: zonedTimeSchema.nullable(),
  removedAt: zonedTimeSchema.nullable(),
} satisfies Shape<PublicationView>);

const report = z
  .strictObject({
    tier: z.enum(TIERS),
    runKind: z.enum(RUN_KINDS),
    jurisdiction: z.string(),
    child: z.strictObject({
      name: localText,
      age: z.strictObject({ from: z.int(), to: z.int() }),
      sex: z.enum(SEXES),
      heightCm: z.number().optional(),
      weightKg: z.number().optional(),
      hair: localText.optional(),
      eyes: localText.optional(),
      clothing: localText.optional(),
    } satisfies Shape<Report['child']>),
    lastSeen: z.strictObject({
      at: z.string().meta({ description: 'As it was entered.' }),
      place: localText,
      location: coordinates,
    } satisfies Shape<Report['lastSeen']>),
    circumstances: localText,
    suspect: localText.optional(),
    vehicle: z.strictObject({ description: localText, plate: z.string().optional() }).optional(),
    area: z.looseObject({}).optional(),
    policeOnly: z.strictObject({
      guardianContact: z.string(),
      legalBasis: z.string(),
      notes: z.string().optional(),
    } satisfies Shape<Report['policeOnly']>),
  } satisfies Shape<Report>)
  .meta({ id: 'StoredReport', description: 'What was reported, police-only fields included.' });

const preview = {
  revision: z.int().min(1),
  digest: digestSchema.meta({ description: 'What an approval names.' }),
  author: staffIdSchema,
  storedAt: zonedTimeSchema,
  area: z.strictObject({
    centre: coordinates,
    radiusKm: z.number(),
    widening: z.array(z.strictObject({ afterMs: z.number(), radiusKm: z.number() })),
  } satisfies Shape<Preview['area']>),
  languagesMissing: z
    .array(z.enum(LANGUAGES))
    .meta({ description: 'In which something is not written yet: with any of them it cannot be approved.' }),
  channels: z.array(
    z.strictObject({
      channel: z.enum(CHANNELS),
      text: z.string().meta({ description: 'The whole post as it goes out.' }),
      texts: localText,
      altText: z.string(),
      image: path,
    } satisfies Shape<Preview['channels'][number]>),
  ),
  cards: z
    .array(z.strictObject({ card: z.enum(CARDS), mediaType: z.string(), address: path }))
    .meta({ description: 'Pictures for feeds and stories, and a sheet of A4 to print.' }),
} satisfies Shape<Preview>;

const previewSchema = z
  .strictObject(preview)
  .meta({ id: 'Preview', description: 'Exactly what the public would see.' });

/** A revision with what it was made from. */
export const revisionSchema = z
  .strictObject({ caseNumber: caseNumberSchema, ...preview, report })
  .meta({ id: 'Revision' });

const sighting = z
  .strictObject({
    commandId: commandIdSchema,
    reportedBy: staffIdSchema,
    reportedAt: zonedTimeSchema,
    place: localText,
    location: coordinates,
    at: zonedTimeSchema.meta({ description: 'When the child was seen.' }),
    description: z.string(),
    status: z.enum(['stored', 'accepted', 'refused']),
  } satisfies Shape<StoredSighting>)
  .meta({ id: 'Sighting', description: 'Where and when somebody says that they saw the child.' });

const timelineEntry = z
  .strictObject({
    seq: z.int().min(1),
    at: zonedTimeSchema,
    type: z.string().meta({ description: 'What happened.' }),
    fields: z.looseObject({}).meta({
      description: 'A `hold` among them says what its code `means` and what is `next`, as in `publications`.',
    }),
    note: z.string().optional().meta({ description: 'The free text that came with the command.' }),
    sighting: sighting.optional().meta({ description: 'The sighting that the entry is about.' }),
  } satisfies Shape<Omit<TimelineEntry, 'event'> & { type: string; fields: object }>)
  .meta({ id: 'TimelineEntry' });

/** A page of a timeline. */
export const timelinePageSchema = z.strictObject({
  entries: z.array(timelineEntry),
  next: path.nullable().meta({ description: 'The address of the next page; null at the end.' }),
});

/** The times of one case. */
export const caseTimesSchema = z
  .strictObject({
    reportedAt: zonedTimeSchema,
    approvedAt: zonedTimeSchema.nullable(),
    liveAt: z.partialRecord(z.enum(CHANNELS), zonedTimeSchema.nullable()),
    reportToApprovalMs: millisecondsSchema.nullable(),
    approvalToLiveMs: millisecondsSchema.nullable(),
    reportToLiveMs: millisecondsSchema.nullable(),
  } satisfies Shape<CaseRecord['times']>)
  .meta({ description: 'When the alert was first approved and first live, and how long it took.' });

/** A case as those who work on it see it. */
export const caseSchema = z
  .strictObject({
    ...({
      ...summary,
      criteria: z
        .array(z.strictObject({ id: z.string(), text: localText }))
        .meta({ description: 'What a supervisor answers before the alert is approved.' }),
      reissuedAs: z.array(caseNumberSchema).meta({ description: 'The cases that continue this one, oldest first.' }),
      publications: z.array(publication),
      times: caseTimesSchema,
    } satisfies Shape<CaseRecord>),
    report: report.nullable(),
    preview: previewSchema.nullable(),
    previewProblem: problemPartSchema
      .nullable()
      .meta({ description: 'Why there is no preview: `content_mismatch` when what is stored was changed.' }),
    sightings: z.array(sighting),
    timeline: z.array(timelineEntry),
    temporalUi: z.string().meta({ format: 'uri', description: 'Where administrators see the workflow of the case.' }),
  })
  .meta({ id: 'Case' });
