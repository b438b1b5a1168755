import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { signedHeaders } from '../../src/signature.js';
import type { Simulator, SimulatorOptions } from '../../src/simulator/server.js';
import { eventually } from './embedded-eventually.js';
import type { Caller } from './simulator-caller.js';
import { simulatorStage } from './simulator-stage.js';

/** Generous: the first map reads the atlas, and the machine may be busy. */
jest.setTimeout(30_000);

const SECRET = 's'.repeat(40);
const NUMBER = 'MFQ-7K3D-92XQ';
const PHOTO = Buffer.from('a photo');

const stage = simulatorStage();
let simulator: Simulator;
let meta: Caller;
let service: Server;
/** What was said at the confirmation link. */
let said: string[];
/** What the link answers. */
let status: number;

beforeEach(async () => {
  said = [];
  status = 200;
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') said.push(body);
      response.writeHead(request.method === 'POST' ? status : 200).end('<form method="post"></form>');
    });
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  await start();
});

afterEach(() => {
  service.closeAllConnections();
  service.close();
});

function tell(manner: object): Promise<Response> {
  return fetch(`${simulator.url}/simulator/desk`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(manner),
  });
}

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  ({ simulator, meta } = await stage.start({ deskSecret: SECRET, ...options }));
}

function message(kind: 'publish' | 'area' | 'remove', over: object = {}): Record<string, unknown> {
  const confirmUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/desk/link`;
  const about = { caseNumber: NUMBER, revision: 1, digest: 'd'.repeat(64), runKind: 'exercise' };
  const sha256 = createHash('sha256').update(PHOTO).digest('hex');
  const alert = {
    tier: 'amber',
    centre: { latitude: 25.2867, longitude: 51.5333 },
    countries: ['QA'],
    text: 'سارة\nSara',
    texts: { ar: 'سارة', en: 'Sara' },
    altText: 'Sara',
    files: [{ name: 'photo', mediaType: 'image/jpeg', sha256, base64: PHOTO.toString('base64') }],
  };
  const asked = {
    publish: { id: `${NUMBER}/1/publish`, radiusKm: 50, confirmUrl, ...alert },
    area: { id: `${NUMBER}/1/area/160`, radiusKm: 160, confirmUrl: null },
    remove: { id: `${NUMBER}/1/remove`, radiusKm: null, confirmUrl },
  }[kind];
  return { kind, ...about, ...asked, ...over };
}

async function hand(content: object, { secret = SECRET, now = Date.now() } = {}): Promise<number> {
  const body = JSON.stringify(content);
  const headers = signedHeaders(secret, body, now);
  return (await fetch(`${simulator.url}/desk`, { method: 'POST', headers, body })).status;
}

async function press(id: unknown): Promise<void> {
  const body = new URLSearchParams({ id: String(id) });
  await fetch(`${simulator.url}/desk/done`, { method: 'POST', body });
}

async function types(): Promise<string[]> {
  return (await meta.effects()).map(({ type }) => type);
}

async function page(path = '/desk'): Promise<string> {
  return (await fetch(`${simulator.url}${path}`)).text();
}

async function seesIt(place: string): Promise<boolean> {
  return (await page(`/phone?place=${place}`)).includes('class="radius-alert"');
}

describe('what is handed over', () => {
  test('counts only signed with the secret of the desk, unchanged, and lately', async () => {
    expect(await hand(message('publish'), { secret: 'x'.repeat(40) })).toBe(401);
    expect(await hand(message('publish'), { now: Date.now() - 6 * 60_000 })).toBe(401);
    expect(await hand(message('publish'), { now: Date.now() + 6 * 60_000 })).toBe(401);
    const body = JSON.stringify(message('publish'));
    const headers = signedHeaders(SECRET, `${body} `);
    expect((await fetch(`${simulator.url}/desk`, { method: 'POST', headers, body })).status).toBe(401);
    expect((await fetch(`${simulator.url}/desk`, { method: 'POST', body })).status).toBe(401);
    expect(await types()).toEqual([]);
    expect(await hand(message('publish'))).toBe(200);
  });

  test('is refused when it is not whole, or a file is not what its hash says', async () => {
    const { files, ...rest } = message('publish');
    expect(await hand(rest)).toBe(400);
    const [file] = files as object[];
    expect(await hand({ ...rest, files: [{ ...file, sha256: '0'.repeat(64) }] })).toBe(400);
    expect(await hand(message('remove', { confirmUrl: null }))).toBe(400);
    expect(await types()).toEqual([]);
  });

  test('is shown once, however often the same message comes', async () => {
    for (let times = 0; times < 3; times += 1) expect(await hand(message('publish'))).toBe(200);
    expect(await types()).toEqual(['desk.received', 'desk.repeated', 'desk.repeated']);
    const shown = await page();
    expect(shown.match(/<article/g)).toHaveLength(1);
    expect(shown).toContain('came 2 times more');
  });

  test('is refused, lost or late as the faults say', async () => {
    await meta.fault({ endpoint: 'desk.receive', fault: 'fail', status: 422 });
    await meta.fault({ endpoint: 'desk.receive', fault: 'fail', status: 503, count: 2 });
    await meta.fault({ endpoint: 'desk.receive', fault: 'slow', ms: 200 });
    expect(await hand(message('publish'))).toBe(422);
    expect(await hand(message('publish'))).toBe(503);
    expect(await hand(message('publish'))).toBe(503);
    expect(await types()).toEqual([]);
    const before = Date.now();
    expect(await hand(message('publish'))).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(199);
  });
});

describe('the people at the desk', () => {
  test('show an alert within its radius and nowhere else, widen it, and take it down', async () => {
    await hand(message('publish'));
    expect(await seesIt('doha')).toBe(false);
    await press(message('publish').id);
    expect([await seesIt('doha'), await seesIt('dukhan'), await seesIt('dubai')]).toEqual([true, false, false]);
    await hand(message('area'));
    expect(await seesIt('dukhan')).toBe(false);
    await press(message('area').id);
    expect([await seesIt('doha'), await seesIt('dukhan'), await seesIt('dubai')]).toEqual([true, true, false]);
    await hand(message('remove'));
    expect(await seesIt('doha')).toBe(true);
    await press(message('remove').id);
    expect(await seesIt('doha')).toBe(false);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^name=./);
    expect((await types()).filter((type) => type !== 'desk.received')).toEqual([
      'desk.published',
      'desk.confirmed',
      'desk.widened',
      'desk.removed',
      'desk.confirmed',
    ]);
  });

  test('confirm the removal of what they never showed, and then do not show it', async () => {
    await hand(message('publish'));
    await hand(message('remove'));
    await press(message('publish').id);
    await press(message('remove').id);
    expect(await types()).toEqual(['desk.received', 'desk.received', 'desk.confirmed']);
    expect(await seesIt('doha')).toBe(false);
  });

  test('can confirm again what the service did not take', async () => {
    status = 503;
    await hand(message('publish'));
    await press(message('publish').id);
    expect(await page()).toContain('The service answered 503.');
    status = 200;
    await press(message('publish').id);
    await press(message('publish').id);
    expect(await page()).not.toContain('The service answered');
    expect(said).toHaveLength(2);
    expect((await types()).filter((type) => type === 'desk.published')).toHaveLength(1);
  });

  test('do it by themselves once told so, and try again while the service is away', async () => {
    status = 503;
    await hand(message('publish'));
    await tell({ confirmsAfterMs: 20 });
    await eventually(() => expect(said.length).toBeGreaterThan(0));
    status = 200;
    await eventually(async () => expect(await page()).toContain('<span>confirmed'));
    expect((await types()).filter((type) => type === 'desk.published')).toHaveLength(1);
  });

  test('say it twice at the same moment, or never, when they are told to', async () => {
    await tell({ confirmsAfterMs: 0, confirms: 'never' });
    await hand(message('publish'));
    await eventually(async () => expect(await types()).toEqual(['desk.received', 'desk.published']));
    await tell({ confirmsAfterMs: 0, confirms: 'twice' });
    await eventually(() => expect(said).toHaveLength(2));
    expect((await types()).filter((type) => type === 'desk.published')).toHaveLength(1);
  });

  test('do not publish what comes after its removal', async () => {
    await tell({ confirmsAfterMs: 0 });
    await hand(message('remove'));
    await eventually(() => expect(said).toHaveLength(1));
    await hand(message('publish'));
    await press(message('publish').id);
    expect(await types()).not.toContain('desk.published');
    expect(said).toHaveLength(1);
  });

  test('are not made to do it by the page of somebody else', async () => {
    await hand(message('publish'));
    const answer = await fetch(`${simulator.url}/desk/done`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
      body: new URLSearchParams({ id: String(message('publish').id) }),
    });
    expect(answer.status).toBe(400);
    expect(await types()).toEqual(['desk.received']);
  });
});

test('what the desk has and shows outlives its restart, and nothing of the child the end of the alert', async () => {
  const dataFile = join(stage.folder, 'simulator.jsonl');
  await simulator.close();
  await start({ dataFile });
  await hand(message('publish'));
  await press(message('publish').id);
  await simulator.close();
  await start({ dataFile });
  const photo = /src="(\/desk\/files\/[0-9a-f]{64})"/.exec(await page())?.[1] ?? '';
  expect(await page(photo)).toBe(PHOTO.toString());
  expect(await seesIt('doha')).toBe(true);
  expect(await hand(message('publish'))).toBe(200);
  expect((await types()).at(-1)).toBe('desk.repeated');

  await hand(message('remove'));
  await press(message('remove').id);
  expect((await fetch(`${simulator.url}${photo}`)).status).not.toBe(200);
  for (const language of ['ar', 'en']) expect(await page(`/desk?lang=${language}`)).not.toMatch(/Sara|سارة/);
});
