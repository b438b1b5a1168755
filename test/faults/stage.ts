import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import sharp from 'sharp';
import { postsSeen } from '../../src/cli/simulated-feeds.js';
import type { SimulatedMeta } from '../../src/embedded/environments.js';
import { startStack, type Stack, type StackOptions } from '../../src/embedded/stack.js';
import type { Effect } from '../../src/simulator/effect.js';
import type { EndpointName } from '../../src/simulator/endpoints.js';
import { removeTemporaryDataFolders, temporaryDataFolder } from '../integration/embedded-folder.js';

/** The longest that anything here may take: a step lost with its worker, that worker's start, and the waits in between. */
const PATIENCE_MS = 45_000;
const LOOK_EVERY_MS = 25;

/** What a test needs of a running stack; all of it can be told to another process. */
export type Access = Pick<Stack, 'staffUrl' | 'simulator' | 'temporal' | 'mailbox' | 'logFolder' | 'dataFolder'> & {
  readonly secrets: Pick<Stack['secrets'], 'tokens'>;
};

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface CaseAnswer {
  readonly status: string;
  readonly preview: { readonly digest: string };
  readonly publications: readonly { readonly channel: string; readonly liveSince: string | null }[];
  readonly timeline: readonly {
    readonly at: string;
    readonly type: string;
    readonly fields: Record<string, unknown>;
  }[];
  readonly temporalUi: string;
}

/** What became public of a case on each channel, in the order in which it did: ids of posts and media. */
export interface Public {
  readonly facebook: readonly string[];
  readonly instagram: readonly string[];
}

/** What an approval of the shipped policy's tier `amber` answers. */
export const CRITERIA = ['abduction', 'danger', 'description', 'age', 'recorded'];

const ONE_EACH = { facebook: [expect.any(String)], instagram: [expect.any(String)] };
export const NONE: Public = { facebook: [], instagram: [] };

/** A stack in a folder of its own, which is removed with it. */
export async function startStackUnderTest(
  options: Partial<StackOptions> = {},
): Promise<{ stack: Stack; stop: () => Promise<void> }> {
  const stack = await startStack({ dataFolder: temporaryDataFolder(), progress: () => undefined, ...options });
  return {
    stack,
    stop: async () => {
      await stack.stop();
      removeTemporaryDataFolders();
    },
  };
}

/** Reports a missing child, by `operator-1`. */
export async function sendReport(access: Access, report: object = aReport()): Promise<Answer> {
  const form = new FormData();
  form.set('report', JSON.stringify(report));
  form.set('photo', new Blob([Uint8Array.from(await aPhoto())]), 'photo.jpg');
  return send(access, 'operator-1', 'POST', '/api/cases', form);
}

/** Sends a request as a person; a body that is no form goes as JSON. */
export async function send(
  { staffUrl, secrets }: Access,
  person: string,
  method: string,
  path: string,
  body?: FormData | object,
  idempotencyKey: string = randomUUID(),
): Promise<Answer> {
  const isForm = body === undefined || body instanceof FormData;
  const response = await fetch(`${staffUrl}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${secrets.tokens[person] ?? ''}`,
      'Idempotency-Key': idempotencyKey,
      ...(isForm ? {} : { 'Content-Type': 'application/json' }),
    },
    body: isForm ? (body ?? null) : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** One case as staff and the public see it. Its posts are counted in what really happened on the channels, never in our own tables. */
export class CaseUnderTest {
  constructor(
    private readonly access: Access,
    readonly number: string,
    readonly digest: string,
  ) {}

  /** Reports a case that then waits for its approval. */
  static async reported(access: Access, report?: object): Promise<CaseUnderTest> {
    const answer = await sendReport(access, report);
    // A worker that was just killed, or a busy machine, may take longer than a caller is kept waiting: then it is 202, and comes.
    expect([201, 202]).toContain(answer.status);
    const reported = CaseUnderTest.of(access, answer);
    await reported.until('waits for its approval', async () => (await reported.read()).status === 'awaiting_approval');
    return reported;
  }

  /** The case that a stored report has made. */
  static of(access: Access, { body }: Answer): CaseUnderTest {
    const { caseNumber, revision } = body as { caseNumber: string; revision: { digest: string } };
    return new CaseUnderTest(access, caseNumber, revision.digest);
  }

  approve(idempotencyKey?: string): Promise<Answer> {
    const criteria = Object.fromEntries(CRITERIA.map((id) => [id, { met: true }]));
    return this.#command('supervisor-1', 'approve', { digest: this.digest, criteria }, idempotencyKey);
  }

  found(): Promise<Answer> {
    return this.#command('operator-1', 'found', { outcome: 'recovered_otherwise' });
  }

  async read(): Promise<CaseAnswer> {
    const { body } = await send(this.access, 'supervisor-1', 'GET', `/api/cases/${this.number}`);
    return body as unknown as CaseAnswer;
  }

  /** The timeline's entries of one type. */
  async entries(type: string): Promise<CaseAnswer['timeline']> {
    return (await this.read()).timeline.filter((entry) => entry.type === type);
  }

  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    await until(`${this.number}: ${what}`, isSo, async () => {
      const { status, timeline } = await this.read();
      const lines = timeline.map(({ at, type, fields }) => `  ${at} ${type} ${JSON.stringify(fields)}`);
      return [status, ...lines].join('\n');
    });
  }

  async untilStatus(status: string): Promise<void> {
    await this.until(status, async () => (await this.read()).status === status);
  }

  /** Waits until the case knows that it is live on both channels, and checks that it is so, with one post each ever. */
  async untilLiveOnce(): Promise<void> {
    await this.until('live on both channels', async () => {
      const live = (await this.entries('alertLive')).map(({ fields }) => fields.channel);
      return live.includes('facebook') && live.includes('instagram');
    });
    expect(await this.everPublic()).toEqual(ONE_EACH);
    expect(await this.onFeeds()).toEqual(await this.everPublic());
  }

  /** Says that the child is found, and see {@link untilNothingLeft}. */
  async endsWithNothingLeft(): Promise<void> {
    expect((await this.found()).status).toBe(200);
    await this.untilNothingLeft();
  }

  /** Waits for the end of a case whose child was found, and checks that nothing is left, and nothing was published a second time. */
  async untilNothingLeft(): Promise<void> {
    await this.untilStatus('resolved');
    expect(await this.onFeeds()).toEqual(NONE);
    expect(await this.everPublic()).toEqual(ONE_EACH);
  }

  /** All that was ever public of this case. */
  async everPublic(): Promise<Public> {
    const mine = (await effects(this.access.simulator)).filter((effect) => textOf(effect).includes(this.number));
    return {
      facebook: mine.flatMap((effect) => (effect.type === 'post.published' ? [effect.postId] : [])),
      instagram: mine.flatMap((effect) => (effect.type === 'media.published' ? [effect.mediaId] : [])),
    };
  }

  /** What the public sees of this case now. */
  async onFeeds(): Promise<Public> {
    const posts = await postsSeen(this.access.simulator, this.number);
    const on = (feed: string): string[] => posts.filter(({ channel }) => channel === feed).map(({ id }) => id);
    return { facebook: on('facebook'), instagram: on('instagram') };
  }

  async #command(person: string, command: string, body: object, idempotencyKey?: string): Promise<Answer> {
    return send(this.access, person, 'POST', `/api/cases/${this.number}/${command}`, body, idempotencyKey);
  }
}

/** Everything that ever happened on the simulated accounts. */
export async function effects({ url }: SimulatedMeta): Promise<Effect[]> {
  const response = await fetch(`${url}/simulator/effects`);
  return ((await response.json()) as { effects: Effect[] }).effects;
}

function textOf(effect: Effect): string {
  if ('message' in effect) return effect.message;
  return 'caption' in effect ? effect.caption : '';
}

export interface Fault {
  readonly endpoint: EndpointName;
  readonly fault: 'slow' | 'fail' | 'loseAnswer' | 'effectThen500';
  readonly ms?: number;
  readonly count?: number;
  readonly code?: number;
  readonly status?: number;
}

/** Tells the simulator to disturb the next calls. */
export async function arm({ url }: SimulatedMeta, ...faults: readonly Fault[]): Promise<void> {
  for (const fault of faults) {
    const response = await fetch(`${url}/simulator/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fault),
    });
    if (!response.ok) throw new Error(`the simulator takes no such fault: ${await response.text()}`);
  }
}

/** Waits until every fault has met its call: each such call is then under way, or over. */
export async function untilFaultsTaken({ url }: SimulatedMeta): Promise<void> {
  await until('the faults have met their calls', async () => {
    const { faults } = (await (await fetch(`${url}/simulator/faults`)).json()) as { faults: unknown[] };
    return faults.length === 0;
  });
}

/** Waits until something is so, and says in its error what was to come about, and how things stand instead. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  insteadOf: () => string | Promise<string> = () => '',
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}\n${await insteadOf()}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** A report of an invented child. */
export function aReport(): Record<string, unknown> {
  return {
    tier: 'amber',
    runKind: 'exercise',
    jurisdiction: 'QA',
    child: { name: { ar: 'سارة التجريبية', en: 'Sara Example' }, age: 7, sex: 'female' },
    lastSeen: {
      at: new Date(Date.now() - 3_600_000).toISOString(),
      place: { ar: 'حديقة أسباير', en: 'Aspire Park' },
      location: { latitude: 25.2627, longitude: 51.4406 },
    },
    circumstances: { ar: 'خرجت لشراء المثلجات', en: 'Went to buy ice cream' },
    policeOnly: { guardianContact: 'Umm Sara, 5550 0000', legalBasis: 'consent of the guardian' },
  };
}

let photo: Promise<Buffer> | undefined;

/** A drawing, in place of a photo. */
function aPhoto(): Promise<Buffer> {
  photo ??= sharp({ create: { width: 400, height: 500, channels: 3, background: '#7a9e9f' } })
    .jpeg()
    .toBuffer();
  return photo;
}
