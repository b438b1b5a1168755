import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { journalledEventSchema } from '../../src/api/read-answer-schemas.js';
import { STREAM_TIMES, type StreamTimes } from '../../src/api/event-stream.js';
import { aPhoto, type ApiUnderTest, bodyOf, sendReport, startApi, tokenOf } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let databaseUrl: string;
let api: ApiUnderTest;
let photo: Buffer;
const open: AbortController[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
  ({ databaseUrl } = await server.newDatabase());
  api = await startApi(databaseUrl);
  photo = await aPhoto();
}, 60_000);

afterEach(() => open.splice(0).forEach((stream) => stream.abort()));

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

interface Message {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
  /** A comment. */
  readonly ''?: string;
}

/** A stream of events, read message by message. */
interface Stream {
  readonly response: Response;
  next(): Promise<Message | undefined>;
  /** The next messages that carry data. */
  events(count: number): Promise<{ id: number; data: ReturnType<typeof journalledEventSchema.parse> }[]>;
}

async function follow(path = '/api/events', lastEventId?: string, of = api): Promise<Stream> {
  const aborting = new AbortController();
  open.push(aborting);
  const response = await fetch(of.url + path, {
    headers: {
      authorization: `Bearer ${tokenOf('auditor-1')}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: aborting.signal,
  });
  const messages = messagesOf(response);
  const next = async (): Promise<Message | undefined> => {
    const { value, done } = await messages.next();
    return done ? undefined : value;
  };
  return {
    response,
    next,
    async events(count) {
      const events = [];
      while (events.length < count) {
        const message = await next();
        if (!message) throw new Error('the stream has ended');
        const { id, data, event } = message;
        if (data !== undefined && event === undefined) {
          events.push({ id: Number(id), data: journalledEventSchema.parse(JSON.parse(data)) });
        }
      }
      return events;
    },
  };
}

async function* messagesOf(response: Response): AsyncGenerator<Message, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = text
        .slice(0, end)
        .split('\n')
        .map((line) => /^([^:]*): ?(.*)$/.exec(line)?.slice(1) ?? []);
      text = text.slice(end + 2);
      yield Object.fromEntries(fields) as Message;
    }
  }
  return undefined;
}

async function reported(of = api): Promise<string> {
  return bodyOf(await sendReport(of, { photo }).expect(201)).caseNumber as string;
}

test('what happens is told as it happens, without a word of what the case is about', async () => {
  const stream = await follow();
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.response.headers.get('cache-control')).toBe('no-store');
  expect(await stream.next()).toEqual({ retry: '2000', id: expect.stringMatching(/^\d+$/) });
  const caseNumber = await reported();
  const [first, second] = await stream.events(2);
  expect(first?.data).toEqual({
    caseNumber,
    seq: 1,
    type: 'commandAccepted',
    at: expect.stringMatching(/\+03:00$/),
    status: 'awaiting_approval',
  });
  expect(second?.data).toMatchObject({ caseNumber, seq: 2, type: 'caseOpened' });
});

test('a stream goes on where it was left, and begins with what is new when nothing is said', async () => {
  const before = await follow();
  const one = await reported();
  const [first, ...rest] = await before.events(3);
  const resumed = await follow('/api/events', String(first?.id));
  expect(await resumed.events(2)).toEqual(rest);
  const fresh = await follow();
  const other = await reported();
  expect((await fresh.events(1))[0]?.data).toMatchObject({ caseNumber: other, seq: 1 });
  expect(one).not.toBe(other);
});

test('a stream that was cut off before its first event goes on where it began', async () => {
  const cutOff = await (await follow()).next();
  const caseNumber = await reported();
  const resumed = await follow('/api/events', cutOff?.id);
  expect((await resumed.events(1))[0]?.data).toMatchObject({ caseNumber, seq: 1 });
});

test('one case is followed by itself, and resumed too', async () => {
  const [one, other] = [await reported(), await reported()];
  const stream = await follow(`/api/cases/${one}/events`);
  for (const caseNumber of [other, one]) {
    await api.as('supervisor-1').post(`/api/cases/${caseNumber}/reject`).send({ reason: 'no' }).expect(200);
  }
  const events = await stream.events(2);
  expect(events.map(({ data }) => data.caseNumber)).toEqual([one, one]);
  const whole = await (await follow(`/api/cases/${one}/events`, '0')).events(4);
  expect(whole.map(({ data }) => data.seq)).toEqual([1, 2, 3, 4]);
  const resumed = await follow(`/api/cases/${one}/events`, String(whole[2]?.id));
  expect((await resumed.events(1))[0]).toEqual(whole[3]);
});

test('many who follow are all told, each everything once', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => follow()));
  const numbers = [await reported(), await reported(), await reported()];
  const seen = await Promise.all(streams.map((stream) => stream.events(7)));
  for (const events of seen) {
    expect(events).toEqual(seen[0]);
    expect(events.filter(({ data }) => data.seq === 1).map(({ data }) => data.caseNumber)).toEqual(numbers);
  }
});

test('whoever comes from another journal, as before a restored backup, is told to begin anew', async () => {
  const stream = await follow('/api/events', '999999999999');
  await stream.next();
  expect(await stream.next()).toMatchObject({ event: 'reset' });
  const caseNumber = await reported();
  expect((await stream.events(1))[0]?.data).toMatchObject({ caseNumber, seq: 1 });
});

test('a stream that cannot be is refused before it begins', async () => {
  for (const id of ['x', '-1', '1.5', '9'.repeat(16)]) {
    const { response } = await follow('/api/events', id);
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'last_event_id_invalid' }]);
  }
  const unknown = await follow('/api/cases/MFQ-2222-2222/events');
  expect([unknown.response.status, await unknown.response.json()]).toMatchObject([404, { code: 'case_unknown' }]);
  await api.as(null).get('/api/events').expect(401);
  await api
    .as('auditor-1')
    .head('/api/events')
    .expect(200)
    .expect('Content-Type', /^text\/event-stream/);
});

/** An API whose streams keep other times. */
async function withTimes(times: Partial<StreamTimes>, work: (own: ApiUnderTest) => Promise<void>): Promise<void> {
  const own = await startApi(databaseUrl, { streamTimes: { ...STREAM_TIMES, ...times } });
  try {
    await work(own);
  } finally {
    await own.stop();
  }
}

test('a quiet stream is kept alive by comments', async () => {
  await withTimes({ heartbeatMs: 50 }, async (own) => {
    const stream = await follow('/api/events', undefined, own);
    await stream.next();
    expect(await stream.next()).toEqual({ '': 'still here' });
  });
});

test('what was journalled by another process is told even when no announcement is heard', async () => {
  await withTimes({ readEveryMs: 50 }, async (own) => {
    const stream = await follow('/api/events', undefined, own);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(
      `INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
       SELECT case_number, 1000, now(), 'closed', '{}', '', '' FROM cases LIMIT 1`,
    );
    await client.end();
    expect((await stream.events(1))[0]?.data).toMatchObject({ seq: 1000 });
  });
});

test('streams end when the server is to stop', async () => {
  const own = await startApi(databaseUrl);
  const stream = await follow('/api/events', undefined, own);
  await stream.next();
  await own.stop();
  // Either its end or, where the connections are cut right after, the cut.
  await expect(stream.next().catch(() => undefined)).resolves.toBeUndefined();
});

test('a client that takes nothing is let go, and nothing piles up for it', async () => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
     SELECT case_number, n, now(), 'closed', '{}', '', '' FROM (SELECT case_number FROM cases LIMIT 1) AS one
       CROSS JOIN generate_series(2000, 200000) AS n`,
  );
  await client.end();
  await withTimes({ dropAfterMs: 300 }, async (own) => {
    const { port, hostname } = new URL(own.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const request = ['GET /api/events HTTP/1.1', 'Host: x', `Authorization: Bearer ${tokenOf('auditor-1')}`];
    socket.write([...request, 'Last-Event-ID: 0', '', ''].join('\r\n'));
    await once(socket, 'readable');
    // Nobody reads any further. Once the machine's own buffers are full the server waits, and then lets go.
    await expect(until(() => own.log().includes('"route":"/api/events"'))).resolves.toBe(true);
    socket.destroy();
  });
}, 60_000);

async function until(holds: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await sleep(100);
  return holds();
}
