import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import sharp from 'sharp';
import type { Response, Test } from 'supertest';
import { sha256 } from '../../src/media/sha256.js';
import { canonicalJson } from '../../src/domain/revision.js';
import { HOUR } from '../../src/domain/time.js';
import {
  ALL_MET,
  aPhoto,
  aReport,
  type ApiUnderTest,
  bodyOf,
  newKey,
  type Person,
  sendReport,
  sendRevision,
  startApi,
} from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let api: ApiUnderTest;
let rows: pg.Pool;
let photo: Buffer;

beforeAll(async () => {
  server = await startDatabaseServer();
  const { databaseUrl, pool } = await server.newDatabase();
  rows = pool;
  api = await startApi(databaseUrl);
  photo = await aPhoto();
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

const CRITERIA = Object.keys(ALL_MET);

/** What of a case's answer these tests look at. */
interface Read {
  readonly caseNumber: string;
  readonly status: string;
  readonly revision: { readonly number: number; readonly digest: string; readonly author: string };
  readonly amendment: { readonly number: number; readonly digest: string; readonly author: string } | null;
  readonly expiresAt: string;
  readonly radiusKm: number;
  readonly preview: {
    readonly revision: number;
    readonly digest: string;
    readonly languagesMissing: string[];
    readonly channels: readonly { text: string; texts: Record<string, string>; altText: string }[];
  };
  readonly report: { readonly circumstances: { readonly en: string } };
  readonly sightings: readonly object[];
  readonly timeline: readonly { type: string; fields: Record<string, unknown>; note?: string; sighting?: object }[];
}

async function aCase(report: unknown = aReport()): Promise<string> {
  const { caseNumber } = bodyOf(await sendReport(api, { report, photo }).expect(201));
  return `/api/cases/${String(caseNumber)}`;
}

async function read(path: string): Promise<Read> {
  return bodyOf(await api.as('auditor-1').get(path).expect(200)) as unknown as Read;
}

const post = (person: Person, path: string, body: object = {}): Test => api.as(person).post(path).send(body);

async function approve(path: string, changes: object = {}): Promise<Response> {
  const { digest } = (await read(path)).preview;
  return post('supervisor-1', `${path}/approve`, { digest, criteria: ALL_MET, ...changes });
}

async function anActiveCase(report?: unknown): Promise<string> {
  const path = await aCase(report);
  expect((await approve(path)).status).toBe(200);
  return path;
}

/** A report with something else in it, to be found again. */
function changed(circumstances: string): object {
  return { ...aReport(), circumstances: { ar: 'خرجت', en: circumstances } };
}

const refusal = ({ status, body }: Response): string => {
  const { code, about } = body as { code: string; about?: string };
  return `${status} ${code}${about === undefined ? '' : ` ${about}`}`;
};

const lastAnswer = ({ timeline }: Read): Read['timeline'][number] | undefined =>
  timeline.filter(({ type }) => type.startsWith('command')).at(-1);

test('a report that is returned, corrected and sent again is approved as it was corrected', async () => {
  const path = await aCase();
  const first = await read(path);
  await post('supervisor-1', `${path}/return`, { note: 'which exit?' }).expect(200);
  const returned = await read(path);
  expect(returned).toMatchObject({ status: 'returned', preview: { revision: 1 } });
  const { fields } = returned.timeline.find(({ type }) => type === 'returned') ?? {};
  expect(fields?.since).toMatch(/^2\d{3}-.*\+03:00$/);
  expect(lastAnswer(await read(path))?.note).toBe('which exit?');
  expect(refusal(await approve(path))).toBe('409 not_awaiting_approval');

  const again = await sendRevision(api, `${path}/resubmit`, {
    report: changed('By the north exit'),
    note: 'asked again',
  });
  expect(bodyOf(again)).toMatchObject({
    command: 'resubmit',
    outcome: 'accepted',
    case: { status: 'awaiting_approval' },
  });
  const corrected = await read(path);
  expect(corrected).toMatchObject({
    revision: { number: 2, author: 'operator-1' },
    amendment: null,
    preview: { revision: 2, digest: corrected.revision.digest },
    report: { circumstances: { en: 'By the north exit' } },
  });
  expect(lastAnswer(corrected)?.note).toBe('asked again');
  expect(corrected.preview.channels[0]?.text).toContain(`${corrected.caseNumber}/2`);

  const stale = await post('supervisor-1', `${path}/approve`, { digest: first.revision.digest, criteria: ALL_MET });
  expect(refusal(stale)).toBe('409 stale_digest');
  await approve(path);
  const active = await read(path);
  expect(active).toMatchObject({ status: 'active', activeSince: expect.any(String), radiusKm: 160 });

  const before = bodyOf(await api.as('operator-1').get(`${path}/revisions/1`).expect(200));
  expect(before).toMatchObject({
    caseNumber: active.caseNumber,
    revision: 1,
    digest: first.revision.digest,
    author: 'operator-1',
    storedAt: expect.stringMatching(/\+03:00$/),
    languagesMissing: [],
    report: { circumstances: { en: 'Went to buy ice cream' }, policeOnly: { legalBasis: expect.any(String) } },
  });
  const codes = ['3', '0', 'x'].map(async (number) =>
    bodyOf(await api.as('auditor-1').get(`${path}/revisions/${number}`)),
  );
  expect((await Promise.all(codes)).map(({ code }) => code)).toEqual(Array(3).fill('revision_unknown'));
  expect(bodyOf(await api.as('auditor-1').get('/api/cases/MFQ-2222-2222/revisions/1')).code).toBe('case_unknown');
});

test('an amendment goes live when another than its author approves it, and changes nothing when it is rejected', async () => {
  const path = await anActiveCase();
  const { digest: live } = (await read(path)).revision;
  expect(refusal(await post('supervisor-1', `${path}/approve-amendment`, { digest: live }))).toBe('409 no_amendment');

  await sendRevision(api, `${path}/amend`, { report: changed('Seen boarding a bus') }).expect(200);
  const proposed = await read(path);
  expect(proposed).toMatchObject({
    status: 'active',
    revision: { number: 1, digest: live },
    amendment: { number: 2, author: 'operator-1' },
    preview: { revision: 2, digest: proposed.amendment?.digest },
    report: { circumstances: { en: 'Seen boarding a bus' } },
  });
  expect(refusal(await post('supervisor-1', `${path}/approve-amendment`, { digest: live }))).toBe('409 stale_digest');
  await post('supervisor-2', `${path}/reject-amendment`, { reason: 'hearsay' }).expect(200);
  expect(await read(path)).toMatchObject({
    amendment: null,
    preview: { revision: 1, digest: live },
    report: { circumstances: { en: 'Went to buy ice cream' } },
  });

  await sendRevision(api, `${path}/amend`, { report: changed('Seen at the harbour') }).expect(200);
  const { preview } = await read(path);
  await post('supervisor-2', `${path}/approve-amendment`, { digest: preview.digest }).expect(200);
  expect(await read(path)).toMatchObject({
    revision: { number: 3, digest: preview.digest },
    amendment: null,
    publications: [{ wanted: 3 }, { wanted: 3 }],
  });
});

test('a revision shows the photo of the one before unless it brings its own', async () => {
  const path = await aCase();
  const image = async (revision: number): Promise<string> => {
    const answer = await api.as('auditor-1').get(`${path}/revisions/${revision}/images/facebook`).expect(200);
    return sha256(answer.body as Buffer);
  };
  const other = await sharp(photo).negate().jpeg().toBuffer();
  await sendRevision(api, `${path}/resubmit`, {}).expect(200);
  await sendRevision(api, `${path}/resubmit`, { photo: other }).expect(200);
  await sendRevision(api, `${path}/resubmit`, {}).expect(200);
  const shown = await Promise.all([1, 2, 3, 4].map(image));
  expect(shown[1]).toBe(shown[0]);
  expect(shown[2]).not.toBe(shown[1]);
  expect(shown[3]).toBe(shown[2]);
  const { caseNumber } = await read(path);
  const kept = await rows.query('SELECT FROM photos WHERE case_number = $1', [caseNumber]);
  expect(kept.rowCount).toBe(2);
});

test('corrections sent at the same time are all stored, each under a number and with a marker of its own', async () => {
  const path = await aCase();
  const texts = ['one', 'two', 'three', 'four'];
  const answers = await Promise.all(
    texts.map((text) => sendRevision(api, `${path}/resubmit`, { report: changed(text) })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const { revision, caseNumber } = await read(path);
  expect(revision.number).toBe(5);
  const revisions = await Promise.all(
    [2, 3, 4, 5].map(async (n) => bodyOf(await api.as('auditor-1').get(`${path}/revisions/${n}`)) as unknown as Read),
  );
  expect(revisions.map(({ report }) => report.circumstances.en).sort()).toEqual([...texts].sort());
  for (const [index, one] of revisions.entries()) {
    expect((one as unknown as Read['preview']).channels[0]?.text).toContain(`${caseNumber}/${index + 2}`);
  }
}, 20_000);

test('the same correction under the same key is one revision; under it another is refused', async () => {
  const path = await aCase();
  const key = newKey();
  const report = changed('once');
  const send = (): Test => sendRevision(api, `${path}/resubmit`, { report, key });
  const [first, twin] = await Promise.all([send(), send()]);
  expect([first.status, twin.status]).toEqual([200, 200]);
  expect(bodyOf(await send().expect(200))).toEqual(bodyOf(first));
  expect(bodyOf(twin)).toEqual(bodyOf(first));
  for (const other of [{ report: changed('twice') }, { report, note: 'a note' }, { report, photo }]) {
    expect(refusal(await sendRevision(api, `${path}/resubmit`, { ...other, key }))).toBe('422 idempotency_key_reused');
  }
  expect((await read(path)).revision.number).toBe(2);
});

test('a revision that changes what is fixed, or is no form of a report, is refused and leaves nothing behind', async () => {
  const path = await aCase();
  const { caseNumber } = await read(path);
  const stored = async (): Promise<unknown> => {
    const { rows: counts } = await rows.query<object>(
      `SELECT (SELECT count(*) FROM revisions WHERE case_number = $1) AS revisions,
         (SELECT count(*) FROM photos WHERE case_number = $1) AS photos,
         (SELECT count(*) FROM commands WHERE case_number = $1) AS commands`,
      [caseNumber],
    );
    return counts[0];
  };
  const before = await stored();
  const to = `${path}/resubmit`;
  const answers = await Promise.all([
    sendRevision(api, to, { report: { ...aReport(), tier: 'missing', runKind: 'actual' } }),
    sendRevision(api, to, { report: { ...aReport(), circumstances: {} } }),
    sendRevision(api, to, { note: '' }),
    sendRevision(api, to, { note: 'x'.repeat(2_001) }),
    sendRevision(api, to, { note: 'x'.repeat(70_000) }),
    sendRevision(api, to, { photo: Buffer.from('no photo') }),
    sendRevision(api, to).field('surprise', 'x'),
    api.as('operator-1').post(to).field('note', 'no report'),
    api.as('operator-1').post(to).send(aReport()),
    sendRevision(api, '/api/cases/MFQ-2222-2222/amend'),
  ]);
  const told = answers.map((answer) => {
    const { errors = [] } = answer.body as { errors?: { pointer: string; code: string }[] };
    return [refusal(answer), ...errors.map(({ pointer, code }) => `${pointer} ${code}`)].join(', ');
  });
  expect(told).toEqual([
    '422 invalid, /tier unchangeable_field, /runKind unchangeable_field',
    '422 invalid, /circumstances missing',
    '422 invalid, /note invalid_format',
    '422 invalid, /note too_big',
    '413 too_large',
    '422 photo_not_supported',
    '400 part_unexpected',
    '400 part_missing',
    '415 unsupported_media_type',
    '404 case_unknown',
  ]);
  expect(await stored()).toEqual(before);
});

test('an alert that is written in one language is stored and shown, and approved once the other is there', async () => {
  const report = { ...aReport(), circumstances: { ar: 'خرجت لشراء المثلجات' } };
  report.child.name = { ar: 'سارة التجريبية', en: '' };
  const path = await aCase(report);
  const { preview } = await read(path);
  expect(preview.languagesMissing).toEqual(['en']);
  expect(preview.channels[0]?.texts.en).not.toMatch(/Name|What happened/);
  expect(preview.channels[0]?.texts.ar).toContain('خرجت لشراء المثلجات');
  expect(preview.channels[0]?.altText).toContain('سارة التجريبية');
  expect(preview.channels[0]?.altText).not.toContain('Photo of');
  expect(refusal(await approve(path))).toBe('409 language_missing en');

  await sendRevision(api, `${path}/resubmit`).expect(200);
  expect((await read(path)).preview.languagesMissing).toEqual([]);
  expect((await approve(path)).status).toBe(200);
});

test('what is left out of a language and what is left empty is the same report', async () => {
  const key = newKey();
  const report = { ...aReport(), circumstances: { ar: 'خرجت' } };
  const first = await sendReport(api, { report, photo, key }).expect(201);
  const again = { ...report, circumstances: { en: ' ', ar: 'خرجت' } };
  expect(bodyOf(await sendReport(api, { report: again, photo, key }).expect(201))).toEqual(bodyOf(first));
});

test('an approval answers every criterion of the tier, and what is not met is explained', async () => {
  const path = await aCase();
  expect(await read(path)).toMatchObject({
    criteria: CRITERIA.map((id) => ({ id, text: { ar: expect.any(String), en: expect.any(String) } })),
  });
  const [one = '', two = ''] = CRITERIA;
  const rest = Object.fromEntries(Object.entries(ALL_MET).filter(([id]) => id !== one));
  expect(refusal(await approve(path, { criteria: rest }))).toBe(`409 criteria_unanswered ${one}`);
  const more = { ...ALL_MET, weather: { met: true } };
  expect(refusal(await approve(path, { criteria: more }))).toBe('409 criterion_unknown weather');
  for (const answer of [{ met: false }, { met: true, reason: 'why' }, { met: 'yes' }, {}]) {
    expect(refusal(await approve(path, { criteria: { ...ALL_MET, [one]: answer } }))).toBe('422 invalid');
  }
  const explained = {
    ...rest,
    [two]: { met: false, reason: 'seen leaving\nalone' },
    [one]: { met: false, reason: 'not known yet' },
  };
  const answer = await approve(path, { criteria: explained });
  expect(answer.status).toBe(200);
  const entry = lastAnswer(await read(path));
  expect(entry?.note?.split('\n').sort()).toEqual([`${one}: not known yet`, `${two}: seen leaving alone`].sort());
  const approved = (await read(path)).timeline.find(({ type }) => type === 'approved');
  const { explained: ids } = approved?.fields.criteria as { explained: string[] };
  expect([...ids].sort()).toEqual([one, two].sort());
});

test('a refusal that was read later says what it is about, too', async () => {
  const path = await aCase();
  api.cases.away = true;
  const stored = await approve(path, { criteria: {} });
  api.cases.away = false;
  expect(stored.status).toBe(202);
  await post('supervisor-1', `${path}/acknowledge`).expect(200);
  expect(bodyOf(await api.as('auditor-1').get(String(stored.headers.location)))).toMatchObject({
    status: 'refused',
    refusal: { code: 'criteria_unanswered', about: CRITERIA[0] },
  });
});

test('a sighting is on the case and in its timeline, and the case itself is told nothing of it', async () => {
  const path = await anActiveCase();
  const at = new Date(Date.now() - HOUR);
  const body = {
    place: 'سوق واقف',
    location: { latitude: 25.2875, longitude: 51.533 },
    at: at.toISOString(),
    description: 'with a man in a white thobe',
  };
  const answer = await post('operator-1', `${path}/sightings`, body).expect(200);
  const { commandId } = bodyOf(answer);
  const english = { place: { en: 'the Corniche' }, location: { latitude: 25.3, longitude: 51.5 } };
  await post('operator-1', `${path}/sightings`, { ...body, ...english }).expect(200);
  const seen = await read(path);
  const zoned = expect.stringMatching(/\+03:00$/);
  expect(seen.sightings).toEqual([
    {
      ...body,
      commandId,
      place: { ar: 'سوق واقف', en: '' },
      at: zoned,
      reportedBy: 'operator-1',
      reportedAt: zoned,
      status: 'accepted',
    },
    expect.objectContaining({ place: { ar: '', en: 'the Corniche' } }),
  ]);
  const entries = seen.timeline.filter(({ type }) => type === 'sighted');
  expect(entries.map(({ sighting }) => sighting)).toEqual(seen.sightings);

  const { rows: stored } = await rows.query<{ told: string; salt: string; digest: string }>(
    `SELECT commands::text || (SELECT string_agg(event::text, '') FROM audit_entries) AS told,
       note_salt AS salt, note_digest AS digest FROM commands WHERE command_id = $1`,
    [commandId],
  );
  expect(stored[0]?.told).not.toMatch(/thobe|واقف|25\.2875|Corniche/);
  const content = { ...body, place: { ar: 'سوق واقف', en: '' }, at: at.getTime() };
  expect(stored[0]?.digest).toBe(sha256(String(stored[0]?.salt) + canonicalJson(content)));

  const wrong = await Promise.all(
    [
      { ...body, at: new Date(Date.now() + HOUR).toISOString() },
      { ...body, place: {} },
      { ...body, place: 'two\nlines' },
      { ...body, location: { latitude: 91, longitude: 0 } },
      { ...body, description: '' },
    ].map((sent) => post('operator-1', `${path}/sightings`, sent)),
  );
  expect(wrong.map(refusal)).toEqual(Array(5).fill('422 invalid'));
  await post('operator-1', `${path}/found`, { outcome: 'recovered_otherwise' }).expect(200);
  expect(refusal(await post('operator-1', `${path}/sightings`, body))).toBe('409 case_ended');
  expect((await read(path)).sightings[2]).toMatchObject({ status: 'refused' });
});

test('an alert is widened step by step as its plan says, and extended within what the policy allows', async () => {
  const path = await anActiveCase();
  await post('supervisor-1', `${path}/widen`).expect(200);
  expect((await read(path)).radiusKm).toBe(300);
  await post('supervisor-1', `${path}/widen`).expect(200);
  expect((await read(path)).radiusKm).toBe(500);
  expect(refusal(await post('supervisor-1', `${path}/widen`))).toBe('409 nothing_to_widen');

  const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();
  const extend = (until: string): Test => post('supervisor-1', `${path}/extend`, { until });
  const until = inHours(48);
  await extend(until).expect(200);
  expect(Date.parse((await read(path)).expiresAt)).toBe(Date.parse(until));
  const answers = [await extend(inHours(47)), await extend(inHours(31 * 24)), await extend('tomorrow')];
  expect(answers.map(refusal)).toEqual(['409 expiry_not_later', '409 expiry_too_late', '422 invalid']);
});

test('what people put on a channel or took off it by hand is confirmed by name', async () => {
  const path = await anActiveCase();
  const confirm = (what: string, body: object): Test => post('supervisor-1', `${path}/confirm-${what}`, body);
  await confirm('published', { channel: 'facebook', postId: '123_456' }).expect(200);
  await confirm('published', { channel: 'instagram', note: 'on the phone' }).expect(200);
  expect(lastAnswer(await read(path))?.note).toBe('on the phone');
  expect(await read(path)).toMatchObject({
    publications: [
      { channel: 'facebook', there: [{ postId: '123_456', state: 'live', byHand: false }] },
      { channel: 'instagram', there: [{ state: 'live', byHand: true }] },
    ],
  });
  expect(refusal(await confirm('published', { channel: 'facebook' }))).toBe('409 nothing_to_confirm');
  expect(refusal(await confirm('removed', { channel: 'instagram' }))).toBe('409 nothing_to_confirm');
  expect(refusal(await confirm('published', { channel: 'telegram' }))).toBe('422 invalid');
  expect(refusal(await confirm('published', { channel: 'facebook', postId: 'my post' }))).toBe('422 invalid');

  await post('operator-1', `${path}/found`, { outcome: 'recovered_through_alert' }).expect(200);
  expect((await read(path)).status).toBe('standing_down');
  const reissue = api.as('operator-1').post(`${path}/reissue`).set('Idempotency-Key', newKey());
  expect(refusal(await reissue)).toBe('409 not_ended');
  await confirm('removed', { channel: 'instagram', note: 'looked myself' }).expect(200);
  await confirm('removed', { channel: 'facebook' }).expect(200);
  expect((await read(path)).status).toBe('resolved');
});

test.each([
  ['awaiting_approval', 'withdraw', { note: 'she is at home' }, 'withdrawn'],
  ['returned', 'withdraw', {}, 'withdrawn'],
  ['returned', 'found', { outcome: 'recovered_otherwise' }, 'resolved'],
] as const)('a case that is %s ends by %s', async (status, command, body, ended) => {
  const path = await aCase();
  if (status === 'returned') await post('supervisor-1', `${path}/return`, { note: 'more, please' }).expect(200);
  await post('operator-1', `${path}/${command}`, body).expect(200);
  expect((await read(path)).status).toBe(ended);
});

test('what a case refuses depends on where it is in its life', async () => {
  const digest = 'a'.repeat(64);
  const sighting = {
    place: 'Souq Waqif',
    location: { latitude: 25.2875, longitude: 51.533 },
    at: '2026-11-24T05:20+03:00',
    description: 'alone',
  };
  const commands = (path: string): readonly (readonly [string, () => Test])[] => [
    ['approve', () => post('supervisor-2', `${path}/approve`, { digest, criteria: ALL_MET })],
    ['reject', () => post('supervisor-2', `${path}/reject`, { reason: 'no' })],
    ['return', () => post('supervisor-2', `${path}/return`, { note: 'no' })],
    ['resubmit', () => sendRevision(api, `${path}/resubmit`)],
    ['withdraw', () => post('operator-1', `${path}/withdraw`)],
    ['amend', () => sendRevision(api, `${path}/amend`)],
    ['approve-amendment', () => post('supervisor-2', `${path}/approve-amendment`, { digest })],
    ['reject-amendment', () => post('supervisor-2', `${path}/reject-amendment`, { reason: 'no' })],
    ['widen', () => post('supervisor-2', `${path}/widen`)],
    ['extend', () => post('supervisor-2', `${path}/extend`, { until: '2026-01-01T00:00Z' })],
    ['sightings', () => post('operator-1', `${path}/sightings`, sighting)],
    ['confirm-published', () => post('admin-1', `${path}/confirm-published`, { channel: 'facebook' })],
    ['confirm-removed', () => post('admin-1', `${path}/confirm-removed`, { channel: 'facebook' })],
    ['found', () => post('operator-1', `${path}/found`, { outcome: 'recovered_otherwise' })],
    ['cancel', () => post('supervisor-2', `${path}/cancel`, { reason: 'hoax' })],
  ];
  const refusedIn = async (path: string, names: readonly string[]): Promise<Record<string, string>> => {
    const answers: Record<string, string> = {};
    for (const [name, send] of commands(path)) if (names.includes(name)) answers[name] = refusal(await send());
    return answers;
  };
  const live = ['amend', 'approve-amendment', 'reject-amendment', 'widen', 'extend', 'confirm-published'];
  const before = ['reject', 'return', 'resubmit', 'withdraw'];
  const waiting = await aCase();
  expect(await refusedIn(waiting, ['approve', ...live, 'confirm-removed'])).toEqual({
    approve: '409 stale_digest',
    ...Object.fromEntries(live.map((name) => [name, '409 not_active'])),
    'confirm-removed': '409 nothing_to_confirm',
  });
  expect(await refusedIn(await anActiveCase(), [...before, 'approve', 'extend'])).toEqual({
    approve: '409 not_awaiting_approval',
    reject: '409 not_awaiting_approval',
    return: '409 not_awaiting_approval',
    resubmit: '409 approved_already',
    withdraw: '409 approved_already',
    extend: '409 expiry_not_later',
  });
  const ended = await aCase();
  await post('operator-1', `${ended}/withdraw`).expect(200);
  const all = commands(ended).map(([name]) => name);
  expect(await refusedIn(ended, all)).toEqual({
    ...Object.fromEntries(all.map((name) => [name, '409 case_ended'])),
    'confirm-removed': '409 nothing_to_confirm',
  });
});
