import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import supertest from 'supertest';
import { createMetaPartnerChannel } from '../../src/channels/meta-partner.js';
import { partnerMail } from '../../src/channels/partner-mail.js';
import type { PartnerDesk } from '../../src/channels/partner-message.js';
import { partnerWebhook } from '../../src/channels/partner-webhook.js';
import { confirmLinks, readConfirmation } from '../../src/desk/confirmation.js';
import { sha256 } from '../../src/media/sha256.js';
import { loadPolicyFile, type PolicyFile } from '../../src/policy/policy-file.js';
import { type AlertChannel, ChannelFailure, type PlacedObject } from '../../src/ports/alert-channel.js';
import { createAlertPackages } from '../../src/store/alert-packages.js';
import { createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { POLICY } from '../given/a-case.js';
import { aNewReport } from '../given/a-stored-case.js';
import { ALL_MET, aPhoto, type ApiUnderTest, POLICY_FILE, sendReport, startApi } from './api-stage.js';
import { aRun, placed } from './channels-stage.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';
import { type MailServer, startMailServer, startWebhookServer, type WebhookServer } from './notify-receivers.js';

const SECRET = 'a secret that only the desk knows, too';
const OURS = 'a secret that nobody but us knows at all';

interface Read {
  readonly liveChannels: readonly string[];
  readonly status: string;
}

interface Opened {
  readonly caseNumber: string;
  readonly revision: { readonly digest: string };
}

let server: DatabaseServer;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

describe('the adapter of the partner desk', () => {
  let database: TestDatabase;
  let report: NewReport;
  let webhook: WebhookServer;
  let mail: MailServer;

  beforeEach(async () => {
    database = await server.newDatabase();
    report = aNewReport({ policy: { ...POLICY, channels: ['meta-partner'] } });
    await createCaseStore(database.pool, 'all').storeReport(report);
    webhook = await startWebhookServer();
    mail = await startMailServer();
  });

  afterEach(async () => {
    await webhook.close();
    await mail.close();
  });

  const channelOver = (desk: PartnerDesk): AlertChannel =>
    createMetaPartnerChannel({
      desk,
      packages: createAlertPackages(database.pool),
      links: confirmLinks({ base: 'https://staff.example/', secret: OURS }),
      audience: 'simulator',
    });
  const byWebhook = (): AlertChannel => channelOver(partnerWebhook({ url: webhook.url, secret: SECRET }));
  const byMail = (): AlertChannel =>
    channelOver(partnerMail({ smtpUrl: mail.url, from: 'alerts@mafqood.example', to: 'desk@partner.example' }));

  const atDesk = (changes: Partial<PlacedObject['object']> = {}): PlacedObject => {
    const { caseNumber, revision } = report;
    const object = { digest: revision.digest, radiusKm: 160, ...changes };
    return { ...placed(`${caseNumber}/1`, object), caseNumber, runKind: 'exercise' };
  };

  const bytesOf = (part: string): Buffer | undefined => report.revision.parts.find(({ name }) => name === part)?.bytes;

  interface Sent {
    readonly id: string;
    readonly kind: string;
    readonly digest: string;
    readonly radiusKm: number | null;
    readonly centre: object;
    readonly texts: object;
    readonly confirmUrl: string;
    readonly files: readonly { name: string; sha256: string; base64: string }[];
  }
  const sent = (): Sent[] => webhook.calls.map(({ body }) => JSON.parse(body) as Sent);

  test('hands over all that the digest covers, signed, with the true radius and a link for this revision alone', async () => {
    expect(await byWebhook().publish(atDesk(), aRun())).toBe('handedOver');
    const [call] = webhook.calls;
    const timestamp = call?.headers['mafqood-timestamp'];
    const signature = createHmac('sha256', SECRET)
      .update(`${String(timestamp)}.${call?.body ?? ''}`)
      .digest('hex');
    expect(call?.headers['mafqood-signature']).toBe(`v1=${signature}`);
    const [message] = sent();
    expect(message).toMatchObject({
      id: `${report.caseNumber}/1/publish`,
      kind: 'publish',
      digest: report.revision.digest,
      runKind: 'exercise',
      radiusKm: 160,
      centre: { latitude: 25.3, longitude: 51.52 },
      texts: { ar: 'meta-partner in ar', en: 'meta-partner in en' },
    });
    expect(message?.files.map(({ name }) => name)).toEqual(['photo', 'feed', 'square', 'story', 'poster']);
    const photo = message?.files[0];
    expect(Buffer.from(photo?.base64 ?? '', 'base64')).toEqual(bytesOf('facebook/image'));
    expect(photo?.sha256).toBe(sha256(bytesOf('facebook/image') ?? ''));
    const token = message?.confirmUrl.replace('https://staff.example/desk/', '') ?? '';
    const { caseNumber } = report;
    const about = { caseNumber, revision: 1, digest: report.revision.digest, done: 'published' };
    expect(await readConfirmation(token, OURS)).toEqual(about);
    expect(await readConfirmation(token, SECRET)).toBeUndefined();
  });

  test('gives the same message the same id, so that the desk knows it again', async () => {
    const channel = byWebhook();
    await channel.publish(atDesk(), aRun());
    await channel.publish(atDesk({ state: 'unknown', flippedAt: 1 }), aRun());
    await channel.expire(atDesk({ state: 'handedOver', flippedAt: 1 }), aRun());
    const ids = sent().map(({ id }) => id);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('asks nobody to take down what nobody was handed', async () => {
    expect(await byWebhook().expire(atDesk(), aRun())).toBe('removed');
    expect(webhook.calls).toHaveLength(0);
  });

  test.each([
    [400, 'refused', 'desk/400'],
    [302, 'refused', 'desk/302'],
    [429, 'unknown', 'desk/429'],
    [503, 'unknown', 'desk/503'],
  ] as const)('takes %s for %s', async (answer, kind, code) => {
    webhook.answer = answer;
    await expect(byWebhook().publish(atDesk(), aRun())).rejects.toEqual(new ChannelFailure(kind, code));
  });

  test('hands over nothing that is not what was approved', async () => {
    await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name = 'card/story'`);
    const failure = new ChannelFailure('refused', 'content/mismatch');
    await expect(byWebhook().publish(atDesk(), aRun())).rejects.toEqual(failure);
    expect(webhook.calls).toHaveLength(0);
  });

  test('hands over nothing when it is too late, or called off', async () => {
    const late = { ...aRun(), sendBefore: Date.now() - 1 };
    await expect(byWebhook().publish(atDesk(), late)).rejects.toMatchObject({ kind: 'notSent' });
    const calledOff = { ...aRun(), signal: AbortSignal.abort() };
    await expect(byWebhook().publish(atDesk(), calledOff)).rejects.toMatchObject({ kind: 'notSent' });
    expect(webhook.calls).toHaveLength(0);
  });

  test('by mail attaches everything, marks an exercise, and is known again by its Message-ID', async () => {
    const channel = byMail();
    await channel.publish(atDesk(), aRun());
    await channel.publish(atDesk({ state: 'unknown', flippedAt: 1 }), aRun());
    const [first, again] = mail.mails;
    expect(first?.subject).toContain('EXERCISE');
    expect(first?.subject).toContain('160 km');
    expect(first?.text).toContain('the post on meta-partner');
    expect(first?.text).toContain('https://staff.example/desk/');
    expect(first?.attachments).toHaveLength(5);
    expect(again?.messageId).toBe(first?.messageId);
  });
});

describe('the link by which the desk says what it has done', () => {
  let api: ApiUnderTest;
  let desk: ReturnType<typeof supertest.agent>;
  let caseNumber: string;
  let digest: string;

  const policyFile = (): PolicyFile => {
    const file = loadPolicyFile(POLICY_FILE);
    const { tiers } = file.policy;
    const channels = ['meta-partner'] as const;
    const withDesk = { amber: { ...tiers.amber, channels }, missing: { ...tiers.missing, channels } };
    return { ...file, policy: { ...file.policy, tiers: withDesk } };
  };

  beforeAll(async () => {
    const { databaseUrl } = await server.newDatabase();
    api = await startApi(databaseUrl, { policyFile: policyFile(), deskSecret: OURS });
    desk = supertest.agent(api.url);
  }, 60_000);

  afterAll(() => api.stop());

  beforeEach(async () => {
    const opened = (await sendReport(api, { photo: await aPhoto() }).expect(201)).body as Opened;
    caseNumber = opened.caseNumber;
    digest = opened.revision.digest;
    await api
      .as('supervisor-1')
      .post(`/api/cases/${caseNumber}/approve`)
      .send({ digest, criteria: ALL_MET })
      .expect(200);
  });

  const readCase = async (): Promise<Read> =>
    (await api.as('supervisor-1').get(`/api/cases/${caseNumber}`).expect(200)).body as Read;
  const link = async (done: 'published' | 'removed', revision = 1): Promise<string> => {
    const url = await confirmLinks({ base: '', secret: OURS }).linkTo({ caseNumber, revision, digest, done });
    return url;
  };
  const liveChannels = async (): Promise<unknown> => {
    return (await readCase()).liveChannels;
  };
  const say = (path: string, form: object): supertest.Test => desk.post(path).type('form').send(form);

  test('changes nothing when it is only looked at, in both languages, and does by the form', async () => {
    const path = await link('published');
    const english = await desk.get(path).set('Accept-Language', 'en').expect(200);
    expect(english.text).toContain('Is the alert published?');
    expect(english.text).toContain('هل نُشر التنبيه؟');
    expect((await desk.get(path).set('Accept-Language', 'ar').expect(200)).text).toContain(
      '<html lang="ar" dir="rtl">',
    );
    expect(await liveChannels()).toEqual([]);
    await say(path, { name: 'Somebody at the desk', link: 'https://www.facebook.com/1' }).expect(200);
    expect(await liveChannels()).toEqual(['meta-partner']);
    expect((await desk.get(path).expect(200)).text).toContain('Recorded already');
    expect((await say(path, { name: 'Somebody else' }).expect(200)).text).toContain('Recorded already');
    const timeline = await api.as('supervisor-1').get(`/api/cases/${caseNumber}/timeline`).expect(200);
    const notes = (timeline.body as { entries: { note?: string }[] }).entries.flatMap(({ note }) => note ?? []);
    expect(notes).toEqual(['Somebody at the desk · https://www.facebook.com/1']);
  });

  test('asks for a name', async () => {
    const path = await link('published');
    expect((await say(path, { name: '  ' }).expect(400)).text).toContain('Please write your name.');
    await say(path, {}).expect(400);
    expect(await liveChannels()).toEqual([]);
  });

  test('confirms what is gone only once it is no longer wanted', async () => {
    await say(await link('published'), { name: 'Somebody' }).expect(200);
    const path = await link('removed');
    expect((await say(path, { name: 'Somebody' }).expect(409)).text).toContain('Still wanted');
    expect(await liveChannels()).toEqual(['meta-partner']);
    const found = { outcome: 'recovered_otherwise' };
    await api.as('operator-1').post(`/api/cases/${caseNumber}/found`).send(found).expect(200);
    expect((await desk.get(await link('published')).expect(409)).text).toContain('No longer wanted');
    await say(path, { name: 'Somebody' }).expect(200);
    expect((await readCase()).status).toBe('resolved');
  });

  test('is worth nothing when it is of another revision, forged, changed, or expired', async () => {
    await desk.get(await link('published', 2)).expect(409);
    const path = await link('published');
    await desk.get(`${path.slice(0, -4)}AAAA`).expect(404);
    await desk.get('/desk/nothing').expect(404);
    const forged = await confirmLinks({ base: '', secret: SECRET }).linkTo({
      caseNumber,
      revision: 1,
      digest,
      done: 'published',
    });
    await say(forged, { name: 'Somebody' }).expect(404);
    const expired = await new SignJWT({ rev: 1, dig: digest, done: 'published' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(caseNumber)
      .setAudience('mafqood/desk')
      .setExpirationTime(1)
      .sign(new TextEncoder().encode(OURS));
    await say(`/desk/${expired}`, { name: 'Somebody' }).expect(410);
    expect(await liveChannels()).toEqual([]);
  });

  test('is in no log, and neither is the name', async () => {
    const path = await link('published');
    await say(path, { name: 'Somebody at the desk' }).expect(200);
    expect(api.log()).toContain('/desk/:link');
    expect(api.log()).not.toContain(path.slice('/desk/'.length));
    expect(api.log()).not.toContain('Somebody');
  });
});
