import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { operationsOf, type Placed } from './api-documented.js';
import { aPhoto, aReport, type ApiUnderTest, bodyOf, PEOPLE, sendReport, startApi, tokenOf } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

/** The same requests every time: what fails here fails for everybody. */
const SEED = 20261125;

let server: DatabaseServer;
let api: ApiUnderTest;
let operations: Placed[];
let caseNumber: string;
let photo: Buffer;

beforeAll(async () => {
  server = await startDatabaseServer();
  api = await startApi((await server.newDatabase()).databaseUrl);
  operations = operationsOf(api.document);
  photo = await aPhoto();
  caseNumber = String(bodyOf(await sendReport(api, { photo }).expect(201)).caseNumber);
}, 60_000);

afterAll(async () => {
  // Fails when an answer was otherwise than its document says.
  await api.stop();
  await server.stop();
}, 60_000);

/** What came of the requests: were they all refused for the same reason, they would prove little. */
const statuses = new Set<number>();

/** Texts that programs trip over. */
const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '\u{FFFD}',
    '‏',
    '__proto__',
    'constructor',
    'null',
    '-1',
    '1e400',
    '../..',
    "' OR 1=1 --",
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const anyJson = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });

/** A value with one of its leaves, at random, replaced by something else. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const other = fc.oneof(anyJson, nasty, fc.double(), fc.constant('x'.repeat(3_000)));
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const inside = keys.map((key) =>
    spoilt((value as Record<string, unknown>)[key]).map((item) =>
      Array.isArray(value)
        ? value.map((old: unknown, at) => (String(at) === key ? item : old))
        : { ...value, [key]: item },
    ),
  );
  return fc.oneof({ weight: 1, arbitrary: other }, ...inside.map((arbitrary) => ({ weight: 4, arbitrary })));
}

const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const contentType = fc.oneof(
  { weight: 5, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=b',
      'application/json; charset=utf-7',
      'x',
    ),
  },
  { weight: 1, arbitrary: headerText },
);

function addressOf({ path, parameters }: Placed): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const values = fc.tuple(
    ...names.map((name) =>
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constant(name === 'caseNumber' ? caseNumber : name === 'channel' ? 'facebook' : '1'),
        },
        { weight: 1, arbitrary: nasty.map(percent) },
        { weight: 1, arbitrary: fc.constantFrom('%', '%zz', '%c0%80', '%00', 'MFQ-2222-2222') },
      ),
    ),
  );
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const query = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...known, 'x'), nasty.map(percent)), nasty.map(percent)), {
    maxLength: 3,
  });
  return fc.tuple(values, query).map(([parts, pairs]) => {
    let next = 0;
    const filled = path.replaceAll(/\{\w+\}/g, () => parts[next++] ?? '') || '/';
    return pairs.length === 0 ? filled : `${filled}?${pairs.map((pair) => pair.join('=')).join('&')}`;
  });
}

function percent(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '?'));
}

const request = (): fc.Arbitrary<{
  method: string;
  address: string;
  person: string;
  type: string;
  key: string | null;
  body: Buffer;
}> =>
  fc.constantFrom(...operations).chain((operation) => {
    const example = operation.requestBody?.content['application/json']?.example ?? {};
    return fc.record({
      method: fc.constant(operation.method.toUpperCase()),
      address: addressOf(operation),
      person: fc.constantFrom(...PEOPLE),
      type: contentType,
      key: fc.option(headerText),
      body: fc.oneof(
        { weight: 4, arbitrary: spoilt(example).map((value) => Buffer.from(JSON.stringify(value))) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
        { weight: 3, arbitrary: fc.constant(Buffer.from(JSON.stringify(example))) },
        { weight: 1, arbitrary: fc.constantFrom(Buffer.alloc(0), Buffer.alloc(70_000, '1')) },
      ),
    });
  });

test('no request makes the API fail, or answer otherwise than it is documented', async () => {
  const property = fc.asyncProperty(request(), async ({ method, address, person, type, key, body }) => {
    const answer = await fetch(api.url + address, {
      method,
      headers: {
        authorization: `Bearer ${tokenOf(person as (typeof PEOPLE)[number])}`,
        ...(method === 'POST' && { 'content-type': type }),
        ...(key !== null && { 'idempotency-key': key }),
      },
      ...(method === 'POST' && { body: new Uint8Array(body) }),
    });
    // A stream does not end by itself.
    if (answer.headers.get('content-type')?.startsWith('text/event-stream')) await answer.body?.cancel();
    else await answer.arrayBuffer();
    statuses.add(answer.status);
    expect(answer.status).toBeLessThan(500);
  });
  await fc.assert(property, { seed: SEED, numRuns: 1_000 });
  expect([...statuses].sort((a, b) => a - b)).toEqual(expect.arrayContaining([200, 400, 403, 404, 409, 413, 415, 422]));
}, 120_000);

test('no report makes it fail either', async () => {
  const property = fc.asyncProperty(
    spoilt({ ...aReport(), area: { radiusKm: 100, widening: [{ afterMs: 1, radiusKm: 200 }] } }),
    async (report) => {
      const answer = await sendReport(api, { photo, report: JSON.stringify(report) });
      expect(answer.status).toBeLessThan(500);
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 150 });
}, 120_000);

test('and no photo', async () => {
  const property = fc.asyncProperty(
    fc.nat(photo.length - 1),
    fc.uint8Array({ minLength: 1, maxLength: 40 }),
    fc.boolean(),
    async (at, bytes, cutOff) => {
      const spoiltPhoto = Buffer.concat([
        photo.subarray(0, at),
        bytes,
        cutOff ? Buffer.alloc(0) : photo.subarray(at + bytes.length),
      ]);
      const answer = await sendReport(api, { photo: spoiltPhoto });
      expect(answer.status).toBeLessThan(500);
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 60 });
}, 120_000);
