import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import sharp from 'sharp';
import type { Response, Test } from 'supertest';
import { aPhoto, aReport, bodyOf, newKey, sendReport, type ApiUnderTest, startApi, tokenOf } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let databaseUrl: string;
let api: ApiUnderTest;
let rows: pg.Pool;
let photo: Buffer;

beforeAll(async () => {
  server = await startDatabaseServer();
  ({ databaseUrl, pool: rows } = await server.newDatabase());
  api = await startApi(databaseUrl);
  photo = await aPhoto();
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

beforeEach(() => {
  api.cases.away = false;
  api.cases.idle = false;
});

interface Sent {
  readonly report?: unknown;
  readonly photo?: Buffer;
  readonly key?: string;
}

const send = (sent: Sent = {}, to = api): Test => sendReport(to, { photo, ...sent });

/** How much of everything that a report leaves is there. */
async function stored(): Promise<unknown> {
  const { rows: counts } = await rows.query<object>(
    `SELECT (SELECT count(*) FROM cases) AS cases, (SELECT count(*) FROM reports) AS reports,
       (SELECT count(*) FROM photos) AS photos, (SELECT count(*) FROM revisions) AS revisions,
       (SELECT count(*) FROM revision_parts) AS parts, (SELECT count(*) FROM commands) AS commands,
       (SELECT count(*) FROM audit_entries) AS entries, (SELECT count(*) FROM idempotency_keys) AS keys`,
  );
  return counts[0];
}

/** A JPEG whose header promises so many pixels a side, which a decoder would make room for. */
function sayingItMeasures(jpeg: Buffer, side: number): Buffer {
  const lying = Buffer.from(jpeg);
  const frame = [0xc0, 0xc2].map((kind) => lying.indexOf(Buffer.from([0xff, kind]))).find((at) => at >= 0) ?? 0;
  lying.writeUInt16BE(side, frame + 5);
  lying.writeUInt16BE(side, frame + 7);
  return lying;
}

const pathOf = (answer: Response): string => String(answer.headers.location);

test('a report becomes a case that awaits approval, with all that a supervisor needs to see', async () => {
  const report = aReport();
  const made = await send({ report }).expect(201);
  const { caseNumber, revision } = bodyOf(made) as { caseNumber: string; revision: { number: number; digest: string } };
  expect(bodyOf(made)).toEqual({
    caseNumber: expect.stringMatching(/^MFQ-/),
    commandId: expect.any(String),
    status: 'awaiting_approval',
    revision: { number: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    delivery: 'delivered',
  });
  expect(pathOf(made)).toBe(`/api/cases/${caseNumber}`);

  const body = bodyOf(await api.as('supervisor-1').get(pathOf(made)).expect(200));
  const zoned = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00$/);
  expect(body).toMatchObject({
    caseNumber,
    status: 'awaiting_approval',
    tier: 'amber',
    runKind: 'exercise',
    jurisdiction: 'QA',
    reportedBy: 'operator-1',
    reportedAt: zoned,
    report: { ...report, child: { ...report.child, age: { from: 7, to: 7 } } },
    preview: {
      revision: 1,
      digest: revision.digest,
      area: { centre: { latitude: 25.2627, longitude: 51.4406 }, radiusKm: 160 },
      channels: [
        {
          channel: 'facebook',
          text: expect.stringContaining(`${caseNumber}/1`),
          texts: { ar: expect.stringContaining('سارة التجريبية'), en: expect.stringContaining('Sara Example') },
          altText: expect.stringContaining('Sara Example'),
          image: `/api/cases/${caseNumber}/revisions/1/images/facebook`,
        },
        { channel: 'instagram', image: `/api/cases/${caseNumber}/revisions/1/images/instagram` },
      ],
      cards: [
        { card: 'feed', mediaType: 'image/jpeg', address: `/api/cases/${caseNumber}/revisions/1/cards/feed` },
        { card: 'square', mediaType: 'image/jpeg', address: `/api/cases/${caseNumber}/revisions/1/cards/square` },
        { card: 'story', mediaType: 'image/jpeg', address: `/api/cases/${caseNumber}/revisions/1/cards/story` },
        { card: 'poster', mediaType: 'application/pdf', address: `/api/cases/${caseNumber}/revisions/1/cards/poster` },
      ],
    },
    publications: [
      { channel: 'facebook', wanted: null, there: [], liveSince: null, removedAt: null, reach: null },
      { channel: 'instagram' },
    ],
    timeline: [
      { seq: 1, at: zoned, type: 'commandAccepted', fields: { command: 'report', actor: 'operator-1' } },
      { seq: 2, at: zoned, type: 'caseOpened', fields: { reportedAt: zoned, revision } },
      { seq: 3, at: zoned, type: 'rungNotified', fields: { at: zoned, people: ['supervisor-1'] } },
    ],
    temporalUi: `http://temporal.example:8233/namespaces/default/workflows/case%2F${caseNumber}`,
  });

  const image = await api
    .as('supervisor-1')
    .get(`${pathOf(made)}/revisions/1/images/instagram`)
    .expect(200);
  expect(image.headers['content-type']).toBe('image/jpeg');
  expect(await sharp(image.body as Buffer).metadata()).toMatchObject({ format: 'jpeg', width: 1080, height: 1350 });
  const poster = await api
    .as('supervisor-1')
    .get(`${pathOf(made)}/revisions/1/cards/poster`)
    .responseType('blob')
    .expect(200);
  expect(poster.headers['content-type']).toBe('application/pdf');
  expect((poster.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
});

test('nothing that only the police may know is in what the public would see', async () => {
  const made = await send().expect(201);
  const body = bodyOf(await api.as('supervisor-1').get(pathOf(made)));
  expect(JSON.stringify(body.preview)).not.toMatch(/Umm|5550 0000|consent/);
});

test('the same report under the same key again makes no second case and gets the first answer', async () => {
  const sent = { report: aReport(), key: newKey() };
  const [first, twin] = await Promise.all([send(sent), send(sent)]);
  const before = await stored();
  const later = await send(sent);
  expect([first.status, twin.status, later.status]).toEqual([201, 201, 201]);
  expect(bodyOf(twin)).toEqual(bodyOf(first));
  expect(bodyOf(later)).toEqual(bodyOf(first));
  expect(await stored()).toEqual(before);
});

test('a key that was used for another report or photo is refused', async () => {
  const report = aReport();
  const key = newKey();
  await send({ report, key }).expect(201);
  const before = await stored();
  const other = await sharp(photo).negate().jpeg().toBuffer();
  for (const sent of [
    { report: { ...report, tier: 'missing' }, key },
    { report, key, photo: other },
  ]) {
    expect(bodyOf(await send(sent).expect(422))).toMatchObject({ code: 'idempotency_key_reused' });
  }
  expect(await stored()).toEqual(before);
});

test('with Temporal away a report is stored and listed, and says so; sent again later it is the same case', async () => {
  api.cases.away = true;
  const sent = { report: aReport(), key: newKey() };
  const first = await send(sent).expect(202);
  expect(bodyOf(first)).toMatchObject({
    status: 'accepted',
    delivery: 'stored',
    detail: expect.stringContaining('safely stored'),
  });
  const body = bodyOf(await api.as('operator-1').get(pathOf(first)).expect(200));
  expect(body).toMatchObject({ status: 'accepted', timeline: [], publications: [], report: { tier: 'amber' } });
  const list = await api.as('operator-1').get('/api/cases').expect(200);
  expect(list.body).toMatchObject({
    cases: expect.arrayContaining([expect.objectContaining({ self: pathOf(first) })]),
  });

  api.cases.away = false;
  const again = await send(sent).expect(201);
  expect(bodyOf(again)).toMatchObject({ caseNumber: bodyOf(first).caseNumber, status: 'awaiting_approval' });

  api.cases.away = true;
  expect(bodyOf(await send(sent).expect(201))).toEqual(bodyOf(again));
});

test('a case that does not answer keeps its caller waiting no longer than the bound', async () => {
  const hasty = await startApi(databaseUrl, { answerWithinMs: 300 });
  try {
    hasty.cases.idle = true;
    const made = await send({}, hasty).expect(202);
    expect(bodyOf(made)).toMatchObject({ status: 'accepted', delivery: 'delivered' });
  } finally {
    await hasty.stop();
  }
});

test('with PostgreSQL away the answer is 503, and when to try again', async () => {
  const cut = await startApi('postgres://nobody:nothing@127.0.0.1:1/nowhere');
  try {
    const answer = await send({}, cut).expect(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(bodyOf(answer)).toMatchObject({ code: 'store_unavailable' });
    await cut.as('operator-1').get('/api/cases').expect(503);
    await cut.as(null).get('/healthz').expect(200);
  } finally {
    await cut.stop();
  }
});

test('everything that is wrong with a report is listed at once, each with its place', async () => {
  const { child, lastSeen, ...rest } = aReport();
  const answer = await send({
    report: {
      ...rest,
      runKind: 'drill',
      jurisdiction: 'XX',
      child: { ...child, name: { ar: '‏', en: 'Sara' }, age: 18, 'shoe/size': 30 },
      lastSeen: { ...lastSeen, at: '2026-11-24T05:20', location: { latitude: 91, longitude: -181 } },
      circumstances: { en: ' ' },
      area: { radiusKm: 501, widening: [{ afterMs: 0.5, radiusKm: 0 }] },
      policeOnly: { guardianContact: '' },
      surprise: true,
    },
  }).expect(422);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const { errors, ...problem } = bodyOf(answer) as { errors: { pointer: string; code: string; detail: string }[] };
  expect(problem).toMatchObject({
    type: '/problems/invalid',
    status: 422,
    code: 'invalid',
    instance: expect.stringMatching(/^urn:uuid:/),
  });
  expect(errors.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
    '/area/radiusKm radius_out_of_range',
    '/area/widening/0/afterMs invalid_type',
    '/area/widening/0/radiusKm radius_out_of_range',
    '/child/age age_over_17',
    '/child/name/ar invalid_format',
    '/child/shoe~1size unknown_field',
    '/circumstances missing',
    '/jurisdiction invalid_value',
    '/lastSeen/at not_a_zoned_time',
    '/lastSeen/location/latitude coordinates_out_of_range',
    '/lastSeen/location/longitude coordinates_out_of_range',
    '/policeOnly/guardianContact invalid_format',
    '/policeOnly/legalBasis missing',
    '/runKind invalid_value',
    '/surprise unknown_field',
  ]);
});

describe('a report is refused, and leaves nothing behind, when', () => {
  const changed = (change: (report: ReturnType<typeof aReport>) => void) => (): Test => {
    const report = aReport();
    change(report);
    return send({ report });
  };
  const inTheFuture = (): string => new Date(Date.now() + 6 * 60_000).toISOString();
  const long = 'ن'.repeat(1_500);
  const post = (): Test => api.as('operator-1').post('/api/cases');
  const keyed = (): Test => post().set('Idempotency-Key', newKey());

  /** When, and the answer: its status, its code, one of its errors if it lists any; to which request. */
  const refusals: readonly (readonly [string, number, string, string | null, () => PromiseLike<Response>])[] = [
    ['there is no key', 400, 'idempotency_key_required', null, () => post().field('report', '{}')],
    ['the key is empty', 400, 'idempotency_key_invalid', null, () => send({ key: '' })],
    ['the key has a space', 400, 'idempotency_key_invalid', null, () => send({ key: 'a key' })],
    ['the key is too long', 400, 'idempotency_key_invalid', null, () => send({ key: 'k'.repeat(201) })],
    ['it is no form', 415, 'unsupported_media_type', null, () => keyed().send(aReport())],
    ['it is packed', 415, 'unsupported_media_type', null, () => send().set('Content-Encoding', 'gzip')],
    ['it has no body', 400, 'body_missing', null, () => keyed()],
    ['the form has no boundary', 400, 'malformed_multipart', null, () => keyed().type('multipart/form-data').send('x')],
    [
      'the form breaks off',
      400,
      'malformed_multipart',
      null,
      () =>
        keyed()
          .type('multipart/form-data; boundary=b')
          .send('--b\r\nContent-Disposition: form-data; name="report"\r\n\r\n{'),
    ],
    ['the report is missing', 400, 'part_missing', null, () => keyed().attach('photo', photo, 'photo.jpg')],
    ['the photo is missing', 400, 'part_missing', null, () => keyed().field('report', JSON.stringify(aReport()))],
    ['the photo is no file', 400, 'part_unexpected', null, () => keyed().field('report', '{}').field('photo', 'x')],
    ['there is another part', 400, 'part_unexpected', null, () => send().field('toString', 'x')],
    ['there is another file', 400, 'part_unexpected', null, () => send().attach('photo', photo, 'photo.jpg')],
    ['the report is no JSON', 400, 'malformed_json', null, () => send({ report: '{"tier":' })],
    ['the report is no object', 422, 'invalid', ' invalid_type', () => send({ report: '[]' })],
    [
      'the report is deep',
      422,
      'invalid',
      ' invalid_type',
      () => send({ report: '['.repeat(99_999) + ']'.repeat(99_999) }),
    ],
    ['the report is too large', 413, 'too_large', null, () => send({ report: JSON.stringify('x'.repeat(256 * 1024)) })],
    [
      'the report is too large a file',
      413,
      'too_large',
      null,
      () => keyed().attach('report', Buffer.alloc(300_000), 'r.json'),
    ],
    ['the photo is too large', 413, 'photo_too_large', null, () => send({ photo: Buffer.alloc(15_000_001) })],
    ['the photo is empty', 422, 'photo_not_supported', null, () => send({ photo: Buffer.alloc(0) })],
    ['the photo is a text', 422, 'photo_not_supported', null, () => send({ photo: Buffer.from('photo') })],
    [
      'the photo is a document, whatever it is called',
      422,
      'photo_not_supported',
      null,
      () => send({ photo: Buffer.from('%PDF-1.7\n%') }),
    ],
    ['the photo is cut off', 422, 'photo_unreadable', null, () => send({ photo: photo.subarray(0, 600) })],
    [
      'the photo is tiny',
      422,
      'photo_too_small',
      null,
      async () => send({ photo: await sharp(photo).resize(50).jpeg().toBuffer() }),
    ],
    [
      'the photo is a single pixel',
      422,
      'photo_too_small',
      null,
      async () => send({ photo: await sharp(photo).resize(1, 1, { fit: 'fill' }).png().toBuffer() }),
    ],
    [
      'the photo moves',
      422,
      'photo_animated',
      null,
      async () =>
        send({
          photo: await sharp([photo, await sharp(photo).negate().toBuffer()], { join: { animated: true } })
            .webp()
            .toBuffer(),
        }),
    ],
    [
      'the photo is HEIC',
      422,
      'photo_heic',
      null,
      () => send({ photo: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1') }),
    ],
    [
      'the photo is a decompression bomb',
      422,
      'photo_too_many_pixels',
      null,
      async () =>
        send({
          photo: await sharp({ create: { width: 9_000, height: 6_000, channels: 3, background: 'red' } })
            .png()
            .toBuffer(),
        }),
    ],
    [
      'the photo says that it is 20,000 pixels high and wide',
      422,
      'photo_too_many_pixels',
      null,
      () => send({ photo: sayingItMeasures(photo, 20_000) }),
    ],
    [
      'latitude and longitude are swapped',
      422,
      'invalid',
      '/lastSeen/location coordinates_swapped',
      changed((r) => (r.lastSeen.location = { latitude: 51.4406, longitude: 25.2627 })),
    ],
    [
      'the place is elsewhere',
      422,
      'invalid',
      '/lastSeen/location coordinates_outside_bounds',
      changed((r) => (r.lastSeen.location = { latitude: 48.1, longitude: 11.6 })),
    ],
    [
      'a coordinate is a text',
      422,
      'invalid',
      '/lastSeen/location/latitude invalid_type',
      changed((r) => (r.lastSeen.location = { latitude: '25.2627', longitude: 51.4406 })),
    ],
    ['an age is no whole year', 422, 'invalid', '/child/age invalid_type', changed((r) => (r.child.age = 3.5))],
    ['an age is below zero', 422, 'invalid', '/child/age too_small', changed((r) => (r.child.age = -1))],
    [
      'an age ends too late',
      422,
      'invalid',
      '/child/age/to age_over_17',
      changed((r) => (r.child.age = { from: 9, to: 18 })),
    ],
    [
      'an age ends before it begins',
      422,
      'invalid',
      '/child/age age_range_reversed',
      changed((r) => (r.child.age = { from: 9, to: 8 })),
    ],
    [
      'it lies in the future',
      422,
      'invalid',
      '/lastSeen/at in_the_future',
      changed((r) => (r.lastSeen.at = inTheFuture())),
    ],
    [
      'a name has two lines',
      422,
      'invalid',
      '/child/name/en invalid_format',
      changed((r) => (r.child.name = { ar: 'سارة', en: 'Sara\nCall 5550 0000' })),
    ],
    [
      'a text holds a NUL',
      422,
      'invalid',
      '/circumstances/en invalid_format',
      changed((r) => (r.circumstances = { ar: 'خرجت', en: 'a\0b' })),
    ],
    [
      'a text holds half a character',
      422,
      'invalid',
      '/circumstances/en invalid_format',
      () =>
        send({
          report: JSON.stringify({ ...aReport(), circumstances: { ar: 'خرجت', en: '?' } }).replace('?', 'a\\ud800'),
        }),
    ],
    [
      'a text came in another encoding',
      422,
      'invalid',
      '/circumstances/ar invalid_format',
      () =>
        keyed()
          .attach(
            'report',
            Buffer.from(JSON.stringify({ ...aReport(), circumstances: { ar: 'é1', en: 'e' } }), 'latin1'),
            'r.json',
          )
          .attach('photo', photo, 'photo.jpg'),
    ],
    [
      'a text has 4,000 characters',
      422,
      'invalid',
      '/circumstances/en too_big',
      changed((r) => (r.circumstances = { ar: 'خرجت', en: 'a'.repeat(4_000) })),
    ],
    [
      'a name is made of what nobody can see',
      422,
      'invalid',
      '/child/name/en invalid_format',
      changed((r) => (r.child.name = { ar: 'سارة', en: '\u200B\u3164\u2066\u2069\u202E\uFEFF' })),
    ],
    [
      'a name is an emoji',
      422,
      'invalid',
      '/child/name/en invalid_format',
      changed((r) => (r.child.name = { ar: 'سارة', en: '👧' })),
    ],
    [
      'the area narrows',
      422,
      'invalid',
      '/area area_plan',
      changed((r) => (r.area = { radiusKm: 50, widening: [{ afterMs: 1, radiusKm: 49 }] })),
    ],
    [
      'its own steps are narrower than the radius of the policy',
      422,
      'invalid',
      '/area area_plan',
      changed((r) => (r.area = { widening: [{ afterMs: 1, radiusKm: 100 }] })),
    ],
    [
      'a channel cannot take its text',
      422,
      'text_too_long',
      '/circumstances/ar text_too_long',
      changed((r) => (r.circumstances = { ar: long, en: long })),
    ],
  ];

  test.each(refusals)('%s', async (_when, status, code, error, request) => {
    const before = await stored();
    const answer = await request();
    const { errors = [], ...problem } = bodyOf(answer) as { errors?: { pointer: string; code: string }[] };
    expect(problem).toMatchObject({
      status,
      code,
      type: `/problems/${code}`,
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(answer.status).toBe(status);
    if (error !== null) expect(errors.map((one) => `${one.pointer} ${one.code}`)).toContain(error);
    expect(await stored()).toEqual(before);
  });
});

test('a photo is told by its content, whatever its sender calls it, and one in print colours is converted', async () => {
  const print = await sharp(photo).toColourspace('cmyk').jpeg().toBuffer();
  expect((await sharp(print).metadata()).space).toBe('cmyk');
  for (const attached of [photo, print]) {
    const made = await api
      .as('operator-1')
      .post('/api/cases')
      .set('Idempotency-Key', newKey())
      .field('report', JSON.stringify(aReport()))
      .attach('photo', attached, { filename: 'letter.pdf', contentType: 'application/pdf' })
      .expect(201);
    const image = await api
      .as('auditor-1')
      .get(`${pathOf(made)}/revisions/1/images/facebook`)
      .expect(200);
    const { format, space } = await sharp(image.body as Buffer).metadata();
    expect({ format, space }).toEqual({ format: 'jpeg', space: 'srgb' });
    // The drawing's own colour, #7a9e9f, as near as print can come to it.
    const [red = 0, green = 0, blue = 0] = await sharp(image.body as Buffer)
      .extract({ left: 200, top: 250, width: 1, height: 1 })
      .raw()
      .toBuffer();
    expect(Math.hypot(red - 0x7a, green - 0x9e, blue - 0x9f)).toBeLessThan(30);
  }
});

test('marks of direction, invisible characters and emoji are taken, and turn nothing round in what goes out', async () => {
  const report = aReport();
  report.child.name = { ar: '\u202Eسارة\u200B التجريبية 👧', en: '\u2066Sara\uFEFF Example 👧' };
  const made = await send({ report }).expect(201);
  const { preview } = bodyOf(await api.as('supervisor-1').get(pathOf(made))) as unknown as {
    preview: { channels: { text: string }[]; cards: { address: string; mediaType: string }[] };
  };
  for (const { text } of preview.channels) {
    expect(text).toContain('\u2067سارة التجريبية 👧\u2069');
    expect(text).toContain('\u2066Sara Example 👧\u2069');
  }
  for (const { address, mediaType } of preview.cards) {
    const card = await api.as('auditor-1').get(address).responseType('blob').expect(200);
    expect(card.headers['content-type']).toBe(mediaType);
  }
});

test('a report whose sender hangs up half-way leaves nothing behind and harms nobody', async () => {
  const before = await stored();
  const { port } = new URL(api.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    [
      'POST /api/cases HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${tokenOf('operator-1')}`,
      'Idempotency-Key: hung-up',
      'Content-Type: multipart/form-data; boundary=b',
      'Content-Length: 100000',
      '',
      '--b\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n\r\nhalf',
    ].join('\r\n'),
  );
  await new Promise((resolve) => socket.write('more', resolve));
  socket.destroy();
  await once(socket, 'close');
  await send().expect(201);
  const after = (await stored()) as { cases: string };
  expect(Number(after.cases)).toBe(Number((before as { cases: string }).cases) + 1);
});

test('an exact age, a range, a file of JSON with a byte order mark, and an area of its own are all taken', async () => {
  const report = { ...aReport(), area: { radiusKm: 400 } };
  report.child.age = { from: 5, to: 8 };
  const made = await api
    .as('operator-1')
    .post('/api/cases')
    .set('Idempotency-Key', newKey())
    .attach('report', Buffer.from(`\u{FEFF}${JSON.stringify(report)}`), {
      filename: 'r.json',
      contentType: 'application/json',
    })
    .attach('photo', photo, { filename: 'photo', contentType: 'application/octet-stream' })
    .expect(201);
  const body = bodyOf(await api.as('operator-1').get(pathOf(made)));
  expect(body).toMatchObject({
    report: { child: { age: { from: 5, to: 8 } } },
    preview: { area: { radiusKm: 400, widening: [{ radiusKm: 500 }] } },
  });
});

test('the list is read page by page, newest first, each case once', async () => {
  for (let count = 0; count < 3; count++) await send().expect(201);
  const all = await api.as('auditor-1').get('/api/cases?limit=200').expect(200);
  const numbers = numbersIn(all);
  expect(numbers.length).toBeGreaterThan(2);
  const paged: string[] = [];
  for (let next: string | null = '/api/cases?limit=2'; next !== null;) {
    const page: Response = await api.as('auditor-1').get(next).expect(200);
    paged.push(...numbersIn(page));
    next = (page.body as { next: string | null }).next;
  }
  expect(paged).toEqual(numbers);
  expect(JSON.stringify(all.body)).not.toMatch(/Sara|سارة|Aspire/);
});

test('a page that cannot be is refused, and what is not there is said to be unknown', async () => {
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'before=Sara', 'limit=1&limit=2', 'name=Sara']) {
    expect(bodyOf(await api.as('auditor-1').get(`/api/cases?${query}`).expect(422))).toMatchObject({ code: 'invalid' });
  }
  const path = pathOf(await send().expect(201));
  const unknown = Object.fromEntries(
    await Promise.all(
      [
        '/api/cases/MFQ-2222-2222',
        '/api/cases/nonsense',
        '/api/cases/MFQ-2222-2222/commands/x',
        `${path}/commands/x`,
        `${path}/revisions/2/images/facebook`,
        `${path}/revisions/x/images/facebook`,
        `${path}/revisions/1/images/telegram`,
        `${path}/revisions/2/cards/feed`,
        `${path}/revisions/1/cards/billboard`,
      ].map(
        async (address) =>
          [address.replace(path, ''), bodyOf(await api.as('auditor-1').get(address).expect(404)).code] as const,
      ),
    ),
  );
  expect(unknown).toEqual({
    '/api/cases/MFQ-2222-2222': 'case_unknown',
    '/api/cases/nonsense': 'case_unknown',
    '/api/cases/MFQ-2222-2222/commands/x': 'case_unknown',
    '/commands/x': 'command_unknown',
    '/revisions/2/images/facebook': 'image_unknown',
    '/revisions/x/images/facebook': 'revision_unknown',
    '/revisions/1/images/telegram': 'image_unknown',
    '/revisions/2/cards/feed': 'card_unknown',
    '/revisions/1/cards/billboard': 'card_unknown',
  });
});

function numbersIn(answer: Response): string[] {
  return (answer.body as { cases: { caseNumber: string }[] }).cases.map(({ caseNumber }) => caseNumber);
}
