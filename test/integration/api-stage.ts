import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import sharp from 'sharp';
import supertest, { type Response, type Test } from 'supertest';
import { createStaffApi } from '../../src/api/app.js';
import type { StreamTimes } from '../../src/api/event-stream.js';
import type { StaffEntry } from '../../src/api/staff-file.js';
import type { AccessTokens } from '../../src/oidc/access-tokens.js';
import type { Role } from '../../src/domain/command.js';
import { loadPolicyFile, type PolicyFile } from '../../src/policy/policy-file.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { createCaseStores } from '../../src/store/case-store.js';
import { createDeliveryQueue } from '../../src/store/delivery-queue.js';
import { createJournalListener } from '../../src/store/journal-listener.js';
import { createPool } from '../../src/store/pool.js';
import { staffServer } from '../../src/api/staff-server.js';
import { type Document, documented } from './api-documented.js';
import { inProcessCases, type InProcessCases } from './api-in-process-cases.js';

export const POLICY_FILE = fileURLToPath(new URL('../../config/policy.yaml', import.meta.url));

/** The first thing a child process says; rejects with what it wrote to stderr when it ends without a word. */
export async function firstMessage<T>(child: ChildProcess): Promise<T> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(errors)));
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => undefined);
  return message;
}

export type Person = 'operator-1' | 'supervisor-1' | 'supervisor-2' | 'admin-1' | 'auditor-1';

const ROLES: Readonly<Record<Person, Role>> = {
  'operator-1': 'operator',
  'supervisor-1': 'supervisor',
  'supervisor-2': 'supervisor',
  'admin-1': 'administrator',
  'auditor-1': 'auditor',
};
export const PEOPLE = Object.keys(ROLES) as Person[];

export const STAFF: readonly StaffEntry[] = PEOPLE.map((id) => ({
  id,
  name: `Name of ${id}`,
  role: ROLES[id],
  jurisdictions: ['admin-1', 'auditor-1'].includes(id) ? 'all' : ['QA'],
  token: tokenOf(id),
  secondFactor: true,
}));

export function tokenOf(person: Person): string {
  return `token-of-${person}-`.padEnd(40, 'x');
}

/** The whole API over HTTP on a real database, its cases in this process. */
export interface ApiUnderTest {
  readonly url: string;
  readonly app: ReturnType<typeof createStaffApi>;
  readonly cases: InProcessCases;
  /** What it says of itself. Every answer is held against it; `stop` fails when one was otherwise. */
  readonly document: Document;
  /** Every refusal that was answered, as `operationId code`. */
  readonly refusals: ReadonlySet<string>;
  /** Everything that was logged. */
  readonly log: () => string;
  /** Sends requests as a person, or as nobody. */
  as(person: Person | null): ReturnType<typeof supertest.agent>;
  stop(): Promise<void>;
}

export async function startApi(
  databaseUrl: string,
  {
    answerWithinMs = 3_000,
    staff = STAFF,
    policyFile = loadPolicyFile(POLICY_FILE),
    streamTimes,
    deskSecret,
    requestsAMinute,
    accessTokensOf,
  }: {
    answerWithinMs?: number;
    staff?: readonly StaffEntry[];
    policyFile?: PolicyFile;
    streamTimes?: StreamTimes;
    deskSecret?: string;
    requestsAMinute?: number;
    /** Takes the access tokens of a provider too. */
    accessTokensOf?: (logger: Logger) => AccessTokens;
  } = {},
): Promise<ApiUnderTest> {
  const lines: string[] = [];
  const logger: Logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const pool = createPool(databaseUrl);
  const deliveryPool = createPool(databaseUrl);
  const outcomes = createJournalListener(databaseUrl);
  const cases = inProcessCases(createDeliveryQueue(deliveryPool), createCaseJournal(pool));
  const app = createStaffApi({
    store: createCaseStores(pool),
    outcomes,
    delivery: cases,
    answerWithinMs,
    streamTimes,
    temporalReachable: () => Promise.resolve(!cases.away),
    policyFile,
    publicUrl: 'https://alerts.example',
    temporalUi: { url: 'http://temporal.example:8233/', namespace: 'default' },
    staff,
    ...(deskSecret === undefined ? {} : { deskSecret }),
    ...(requestsAMinute === undefined ? {} : { requestsAMinute }),
    ...(accessTokensOf && { accessTokens: accessTokensOf(logger) }),
    logger,
  });
  const answers = documented(app);
  const server = staffServer(answers.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = addressOf(server);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  answers.use(document);
  return {
    url,
    app,
    document,
    refusals: answers.seen,
    cases,
    log: () => lines.join(''),
    as: (person) => {
      const agent = supertest.agent(url);
      return person ? agent.auth(tokenOf(person), { type: 'bearer' }) : agent;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await outcomes.close();
      await pool.end();
      await deliveryPool.end();
      if (answers.wrong.length > 0) throw new Error(`not as documented:\n${answers.wrong.join('\n')}`);
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return `http://127.0.0.1:${address.port}`;
}

/** A drawing, in place of a photo. */
export function aPhoto(): Promise<Buffer> {
  return sharp({ create: { width: 400, height: 500, channels: 3, background: '#7a9e9f' } })
    .jpeg()
    .toBuffer();
}

let keys = 0;

/** An idempotency key that was not used before. */
export function newKey(): string {
  return `key-${++keys}`;
}

/** Sends a report as its form, by `operator-1`. */
export function sendReport(
  api: ApiUnderTest,
  {
    report = aReport(),
    photo,
    key = newKey(),
  }: { readonly report?: unknown; readonly photo: Buffer; readonly key?: string },
): Test {
  return api
    .as('operator-1')
    .post('/api/cases')
    .set('Idempotency-Key', key)
    .field('report', typeof report === 'string' ? report : JSON.stringify(report))
    .attach('photo', photo, 'photo.jpg');
}

/** Sends a new revision of a case as its form, by `operator-1` unless somebody else is named. */
export function sendRevision(
  api: ApiUnderTest,
  path: string,
  {
    report = aReport(),
    photo,
    note,
    key,
    person = 'operator-1',
  }: {
    readonly report?: unknown;
    readonly photo?: Buffer;
    readonly note?: string;
    readonly key?: string;
    readonly person?: Person;
  } = {},
): Test {
  const request = api.as(person).post(path).field('report', JSON.stringify(report));
  if (key !== undefined) void request.set('Idempotency-Key', key);
  if (note !== undefined) void request.field('note', note);
  if (photo !== undefined) void request.attach('photo', photo, 'photo.jpg');
  return request;
}

/** A checklist on which every criterion of the tier of {@link aReport} is met. */
export const ALL_MET: Readonly<Record<string, object>> = Object.fromEntries(
  loadPolicyFile(POLICY_FILE).policy.tiers.amber.criteria.map((id) => [id, { met: true }]),
);

export function bodyOf(answer: Response): Record<string, unknown> {
  return answer.body as Record<string, unknown>;
}

/** A report of an invented child. */
export function aReport(): Record<string, unknown> & {
  child: Record<string, unknown>;
  lastSeen: Record<string, unknown>;
} {
  return {
    tier: 'amber',
    runKind: 'exercise',
    jurisdiction: 'QA',
    child: { name: { ar: 'سارة التجريبية', en: 'Sara Example' }, age: 7, sex: 'female', heightCm: 120 },
    lastSeen: {
      at: new Date(Date.now() - 3_600_000).toISOString(),
      place: { ar: 'حديقة أسباير', en: 'Aspire Park' },
      location: { latitude: 25.2627, longitude: 51.4406 },
    },
    circumstances: { ar: 'خرجت لشراء المثلجات', en: 'Went to buy ice cream' },
    policeOnly: { guardianContact: 'Umm Sara, 5550 0000', legalBasis: 'consent of the guardian' },
  };
}
