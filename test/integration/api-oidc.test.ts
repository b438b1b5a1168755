import { createHmac, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT, EncryptJWT } from 'jose';
import type { Response } from 'supertest';
import supertest from 'supertest';
import { createAccessTokens } from '../../src/oidc/access-tokens.js';
import { KEY_TIMES, type KeyTimes } from '../../src/oidc/provider-keys.js';
import type { OidcSettings } from '../../src/oidc/settings.js';
import { operationsOf, type Placed } from './api-documented.js';
import { ALL_MET, aPhoto, aReport, type ApiUnderTest, bodyOf, newKey, STAFF, startApi } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';
import { ACR, AUDIENCE, OTHER_AUDIENCE, type Person, startProvider, type TestProvider } from './oidc-provider.js';

const COOL_DOWN_MS = 300;
const TIMES: KeyTimes = { ...KEY_TIMES, coolDownMs: COOL_DOWN_MS };
const TIMEOUT_MS = 60_000;

let server: DatabaseServer;
let databaseUrl: string;
let provider: TestProvider;
let api: ApiUnderTest;
let photo: Buffer;
const opened: ApiUnderTest[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
  ({ databaseUrl } = await server.newDatabase());
  photo = await aPhoto();
  provider = await startProvider();
  api = await anApi();
}, TIMEOUT_MS);

afterEach(async () => {
  // All but the one that the tests share.
  for (const one of opened.splice(1)) await one.stop();
});

afterAll(async () => {
  // Each fails when it answered otherwise than its document says.
  for (const one of opened) await one.stop();
  for (const one of servers) {
    one.closeAllConnections();
    one.close();
  }
  await provider.stop();
  await server.stop();
}, TIMEOUT_MS);

function settingsOf(issuer: string, changes: Partial<OidcSettings> = {}): OidcSettings {
  return {
    issuer,
    audience: AUDIENCE,
    claims: { staffId: 'sub', role: 'roles', jurisdictions: 'jurisdictions' },
    roles: new Map([
      ['operator', 'operator'],
      ['supervisor', 'supervisor'],
      ['administrator', 'administrator'],
      ['auditor', 'auditor'],
    ]),
    secondFactor: { acr: [ACR.otp], amr: ['hwk'], maxAgeMs: 12 * 3_600_000 },
    ...changes,
  };
}

/** The staff API that takes the tokens of an issuer. */
async function anApi(settings = settingsOf(provider.issuer), times = TIMES): Promise<ApiUnderTest> {
  const one = await startApi(databaseUrl, {
    accessTokensOf: (logger) => createAccessTokens(settings, logger, times),
  });
  opened.push(one);
  return one;
}

const withToken = (token: string, of = api): ReturnType<typeof supertest.agent> =>
  supertest.agent(of.url).auth(token, { type: 'bearer' });

const logIn = async (person: Person, how?: Parameters<TestProvider['logIn']>[1]): Promise<string> =>
  (await provider.logIn(person, how)).access_token;

const now = (): number => Math.floor(Date.now() / 1_000);

/** What the provider says of `auditor-1`, with changes. */
const claims = (changes: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
  iss: provider.issuer,
  aud: AUDIENCE,
  sub: 'auditor-1',
  roles: ['auditor'],
  iat: now(),
  exp: now() + 300,
  ...changes,
});

async function statusOf(token: string, of = api): Promise<string> {
  const answer = await withToken(token, of).get('/api/cases');
  return answer.status === 200 ? '200' : `${answer.status} ${String(bodyOf(answer).code)}`;
}

async function report(token: string): Promise<{ caseNumber: string; digest: string }> {
  const answer = await withToken(token)
    .post('/api/cases')
    .set('Idempotency-Key', newKey())
    .field('report', JSON.stringify(aReport()))
    .attach('photo', photo, 'photo.jpg')
    .expect(201);
  const { caseNumber, revision } = bodyOf(answer) as { caseNumber: string; revision: { digest: string } };
  return { caseNumber, digest: revision.digest };
}

const approve = (token: string, one: { caseNumber: string; digest: string }): PromiseLike<Response> =>
  withToken(token).post(`/api/cases/${one.caseNumber}/approve`).send({ digest: one.digest, criteria: ALL_MET });

const staffOperations = (): Placed[] => operationsOf(api.document).filter(({ security }) => security?.length !== 0);

/** What every operation of the staff answers to a token. */
async function everywhere(token: string, of = api): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const { operationId, method, path } of staffOperations()) {
    const address = path.replace('{caseNumber}', 'MFQ-7K3D-92XQ').replaceAll(/\{\w+\}/g, '1');
    const answer = await (method === 'get' ? withToken(token, of).get(address) : withToken(token, of).post(address));
    told[operationId] = `${answer.status} ${String(bodyOf(answer).code)}`;
    if (answer.status === 503) expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  }
  return told;
}

const allOf = (answer: string): Record<string, string> =>
  Object.fromEntries(staffOperations().map(({ operationId }) => [operationId, answer]));

/** A server of somebody else's. */
async function serve(listener: RequestListener): Promise<string> {
  const one = createServer(listener).listen(0, '127.0.0.1');
  servers.push(one);
  await once(one, 'listening');
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

describe('who logs in at the provider', () => {
  test('reports and reads as the staff id and role that their claims say, and approves with a second factor', async () => {
    const one = await report(await logIn('operator-1'));
    const withCode = await logIn('supervisor-1', { withCode: true });
    const answer = await approve(withCode, one);
    expect([answer.status, bodyOf(answer).outcome]).toEqual([200, 'accepted']);
    const { timeline } = bodyOf(await withToken(withCode).get(`/api/cases/${one.caseNumber}`).expect(200));
    expect(JSON.stringify(timeline)).toMatch(/"operator-1".*"supervisor-1"/s);
  });

  test('cannot approve by a password alone; the answer asks for the level that then is taken', async () => {
    const one = await report(await logIn('operator-1'));
    const weak = await logIn('supervisor-1');
    expect(await statusOf(weak)).toBe('200');
    const refused = await approve(weak, one);
    expect([refused.status, bodyOf(refused).code]).toEqual([403, 'second_factor_required']);
    const challenge = String(refused.headers['www-authenticate']);
    expect(challenge).toMatch(/^Bearer error="insufficient_user_authentication", /);
    expect(challenge).toContain('max_age="43200"');
    const acrValues = /acr_values="([^"]+)"/.exec(challenge)?.[1] ?? '';
    expect(acrValues).toBe(ACR.otp);
    const waiting = await withToken(weak).get(`/api/cases/${one.caseNumber}`);
    expect(bodyOf(waiting).status).toBe('awaiting_approval');

    const stepped = await logIn('supervisor-1', { withCode: true, acrValues });
    expect((await approve(stepped, one)).status).toBe(200);
  });

  test('sees the cases of the jurisdictions that their claim names: without it none', async () => {
    const { caseNumber } = await report(await logIn('operator-1'));
    const seen: Record<string, number> = {};
    for (const [who, jurisdictions] of Object.entries({
      theirs: ['QA'],
      all: 'all',
      others: ['KW'],
      none: undefined,
    })) {
      const token = await provider.sign(claims({ jurisdictions }));
      seen[who] = (await withToken(token).get(`/api/cases/${caseNumber}`)).status;
    }
    expect(seen).toEqual({ theirs: 200, all: 200, others: 404, none: 404 });
  });

  test('cannot approve an amendment by a password alone either', async () => {
    const answer = await withToken(await logIn('supervisor-2'))
      .post('/api/cases/MFQ-7K3D-92XQ/approve-amendment')
      .send({ digest: 'a'.repeat(64) });
    expect([answer.status, bodyOf(answer).code]).toEqual([403, 'second_factor_required']);
  });

  test.each<[string, object, number]>([
    ['a method of the list', { amr: ['pwd', 'hwk'] }, 404],
    ['a level that is not in the list', { acr: ACR.password }, 403],
    ['levels as a list, which acr cannot be', { acr: [ACR.otp] }, 403],
    ['a log-in of an hour ago', { acr: ACR.otp, auth_time: now() - 3_600 }, 404],
    ['a log-in of yesterday', { acr: ACR.otp, auth_time: now() - 13 * 3_600 }, 403],
    ['a log-in at a time that is none', { acr: ACR.otp, auth_time: 'today' }, 403],
  ])('may approve or not after %s', async (_what, login, status) => {
    const token = await provider.sign(claims({ sub: 'supervisor-1', roles: 'supervisor', ...login }));
    // Past the second factor, it is found that there is no such case.
    expect((await approve(token, { caseNumber: 'MFQ-7K3D-92XQ', digest: 'a'.repeat(64) })).status).toBe(status);
  });

  test('does nothing that their role may not do', async () => {
    const answer = await withToken(await logIn('auditor-1', { withCode: true }))
      .post('/api/cases/MFQ-7K3D-92XQ/approve')
      .send({ digest: 'a'.repeat(64), criteria: {} });
    expect([answer.status, bodyOf(answer).code]).toEqual([403, 'role_may_not']);
  });

  test.each<[string, Person]>([
    ['a role that is not known here', 'visitor'],
    ['no role at all', 'stranger'],
    ['two roles', 'two-hats'],
  ])('gets nowhere with %s', async (_what, person) => {
    expect(await everywhere(await logIn(person, { withCode: true }))).toEqual(allOf('403 role_unclear'));
  });

  test('gets nowhere with a name that cannot be a staff id', async () => {
    const token = await provider.sign(claims({ sub: 'Sara Example' }));
    expect(await everywhere(token)).toEqual(allOf('403 staff_id_unusable'));
    expect(api.log()).not.toContain('Sara');
  });

  test('is known by the claims that are configured, in the values that they are configured to have', async () => {
    const keycloak = await anApi(
      settingsOf(provider.issuer, {
        claims: { staffId: 'preferred_username', role: 'realm_access.roles', jurisdictions: 'areas' },
        roles: new Map([['/police/readers', 'auditor']]),
      }),
    );
    const token = await provider.sign(
      claims({
        sub: 'f:1:2',
        preferred_username: 'auditor-1',
        roles: [],
        realm_access: { roles: ['/police/readers'] },
      }),
    );
    expect(await statusOf(token, keycloak)).toBe('200');
  });

  test('a machine reads and reports by its credentials, and approves nothing', async () => {
    const token = await provider.machineToken();
    expect(await statusOf(token)).toBe('200');
    await report(token);
    const machine = await provider.sign(claims({ sub: 'dispatch-system', roles: ['supervisor'] }));
    expect(bodyOf(await approve(machine, { caseNumber: 'MFQ-7K3D-92XQ', digest: 'a'.repeat(64) })).code).toBe(
      'second_factor_required',
    );
  });

  test('a stream of events ends when its token does', async () => {
    // With the half minute that clocks may be apart: ten seconds from now.
    const token = await provider.sign(claims({ exp: now() - 20 }));
    const answer = await fetch(`${api.url}/api/events`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    const began = Date.now();
    expect(await answer.text()).toContain('retry:');
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(await statusOf(token)).toBe('401 unauthenticated');
    const leaving = new AbortController();
    const long = await fetch(`${api.url}/api/events`, {
      headers: { authorization: `Bearer ${await provider.sign(claims({ exp: now() + 10 ** 9 }))}` },
      signal: leaving.signal,
    });
    const ended = long.text().then(
      () => 'ended',
      () => 'left',
    );
    expect(await Promise.race([ended, sleep(300, 'open')])).toBe('open');
    leaving.abort();
    expect(await ended).toBe('left');
  });
});

test('a token of the staff file goes on being one, and approves only where the file says so', async () => {
  const both = await startApi(databaseUrl, {
    staff: STAFF.map((entry) => ({ ...entry, secondFactor: entry.id === 'supervisor-2' })),
    accessTokensOf: (logger) => createAccessTokens(settingsOf(provider.issuer), logger, TIMES),
  });
  opened.push(both);
  for (const [person, code] of [
    ['supervisor-1', 'second_factor_required'],
    ['supervisor-2', 'case_unknown'],
  ] as const) {
    const answer = await both
      .as(person)
      .post('/api/cases/MFQ-7K3D-92XQ/approve')
      .send({ digest: 'a'.repeat(64), criteria: {} });
    expect([person, bodyOf(answer).code]).toEqual([person, code]);
    const challenge = answer.headers['www-authenticate'];
    expect(challenge).toBe(code === 'case_unknown' ? undefined : 'Bearer error="insufficient_user_authentication"');
  }
});

describe('a token is refused', () => {
  const refused = async (token: string): Promise<void> => {
    const answer = await withToken(token).get('/api/cases');
    expect([answer.status, bodyOf(answer).code, answer.headers['www-authenticate']]).toEqual([
      401,
      'unauthenticated',
      'Bearer error="invalid_token"',
    ]);
    for (const part of token.split('.').filter(({ length }) => length > 20)) {
      expect(api.log() + JSON.stringify(answer.body)).not.toContain(part);
    }
    // The same claims in a token as it has to be are taken: it was not refused for something else.
    expect(await statusOf(await provider.sign(claims()))).toBe('200');
    expect(api.log()).toContain('an access token was refused');
  };

  test('that was made for another audience', async () => {
    await refused(await logIn('supervisor-1', { withCode: true, resource: OTHER_AUDIENCE }));
    await refused(await provider.sign(claims({ aud: [OTHER_AUDIENCE, `${AUDIENCE}/`, AUDIENCE.toUpperCase()] })));
    await refused(await provider.sign(claims({ aud: undefined })));
  });

  test('that says who logged in, and to whom, but gives no access', async () => {
    const { id_token: idToken = '' } = await provider.logIn('supervisor-1', { withCode: true });
    expect(idToken).not.toBe('');
    await refused(idToken);
  });

  test('that another provider made, also when it says that it is ours', async () => {
    const other = await startProvider();
    try {
      await refused((await other.logIn('supervisor-1', { withCode: true })).access_token);
      await refused(await other.sign(claims()));
      await refused(await other.sign(claims(), { kid: provider.publicKey().kid ?? '' }));
      await refused(await provider.sign(claims({ iss: other.issuer })));
      await refused(await provider.sign(claims({ iss: `${provider.issuer}/` })));
    } finally {
      await other.stop();
    }
  });

  test('that nobody signed', async () => {
    await refused(new UnsecuredJWT(claims()).encode());
    const [header = '', payload = '', signature = ''] = (await provider.sign(claims())).split('.');
    await refused(`${header}.${payload}.`);
    const asNone = (alg: string): string => Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', '']) {
      await refused(`${asNone(alg)}.${payload}.`);
      await refused(`${asNone(alg)}.${payload}.${signature}`);
    }
  });

  test('that is signed with the public key, as if that were a secret', async () => {
    const key = provider.publicKey();
    const { kid = '', n = '' } = key;
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
    for (const secret of [pem, pem.trim(), JSON.stringify(key), n, Buffer.from(n, 'base64url')]) {
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const head = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid })).toString('base64url');
        const body = Buffer.from(JSON.stringify(claims())).toString('base64url');
        const hmac = createHmac(alg.replace('HS', 'sha'), secret).update(`${head}.${body}`).digest('base64url');
        expect(await statusOf(`${head}.${body}.${hmac}`)).toBe('401 unauthenticated');
      }
    }
    await refused(await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(pem)));
  });

  test('whose claims were changed', async () => {
    const [header = '', payload = '', signature = ''] = (await logIn('auditor-1')).split('.');
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const promoted = Buffer.from(JSON.stringify({ ...said, roles: ['supervisor'] })).toString('base64url');
    await refused(`${header}.${promoted}.${signature}`);
  });

  test('that has expired, is not valid yet, or never ends; within half a minute clocks may differ', async () => {
    await refused(await provider.sign(claims({ exp: now() - 45 })));
    await refused(await provider.sign(claims({ nbf: now() + 45 })));
    await refused(await provider.sign(claims({ exp: undefined })));
    await refused(await provider.sign(claims({ exp: 'tomorrow' })));
    expect(await statusOf(await provider.sign(claims({ exp: now() - 15 })))).toBe('200');
    expect(await statusOf(await provider.sign(claims({ nbf: now() + 15 })))).toBe('200');
  });

  test('that brings its own key, or says where one is', async () => {
    let asked = 0;
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const { n, e } = (await crypto.subtle.exportKey('jwk', publicKey)) as { n: string; e: string };
    const jwk = { kty: 'RSA', n, e };
    const elsewhere = await serve((_request, response) => {
      asked++;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [{ ...jwk, kid: 'own' }] }));
    });
    const own = (header: object): Promise<string> =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header }).sign(privateKey);
    await refused(await own({ jwk }));
    await refused(await own({ jku: elsewhere, kid: 'own' }));
    await refused(await own({ x5u: elsewhere, kid: 'own' }));
    for (const kid of ['../../../../dev/null', "' OR 1=1 --", '__proto__', '', `${elsewhere}/key`]) {
      await refused(await own({ kid }));
    }
    expect(asked).toBe(0);
  });

  test('that is of another kind, bound to a key, encrypted, or asks for what is not understood', async () => {
    await refused(await provider.sign(claims(), { typ: 'logout+jwt' }));
    await refused(await provider.sign(claims({ cnf: { jkt: 'x'.repeat(43) } })));
    const { kid = '' } = provider.publicKey();
    const asked = Buffer.from(JSON.stringify({ alg: 'RS256', kid, crit: ['exp'], exp: 1 })).toString('base64url');
    const [, payload = '', signature = ''] = (await provider.sign(claims())).split('.');
    await refused(`${asked}.${payload}.${signature}`);
    const { publicKey } = await generateKeyPair('RSA-OAEP-256');
    await refused(
      await new EncryptJWT(claims()).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }).encrypt(publicKey),
    );
  });

  test('that is no token at all, whatever it is', async () => {
    for (const odd of ['a.b.c', '..', '.', 'e30.e30.e30', `${'e30.'.repeat(500)}e30`, 'x'.repeat(8_000)]) {
      expect(await statusOf(odd)).toBe('401 unauthenticated');
    }
    const deep = Buffer.from('['.repeat(5_000)).toString('base64url');
    expect(await statusOf(`e30.${deep}.e30`)).toBe('401 unauthenticated');
  });

  test('that is larger than all headers may be together', async () => {
    const huge = await provider.sign(claims({ groups: 'x'.repeat(20_000) }));
    const answer = await fetch(`${api.url}/api/cases`, { headers: { authorization: `Bearer ${huge}` } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([431, 'headers_too_large']);
    // What fits is only a token.
    expect(await statusOf(await provider.sign(claims({ groups: 'x'.repeat(8_000) })))).toBe('200');
  });

  test('that carries a line break, which puts nothing into any answer', async () => {
    const { port } = new URL(api.url);
    const send = async (authorization: string): Promise<string> => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(`GET /api/cases HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`);
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      return text;
    };
    const token = await provider.sign(claims());
    for (const odd of [
      `Bearer ${token}\r\nX-Role: administrator\r\nSet-Cookie: a=b`,
      `Bearer ${token}\nSet-Cookie: a=b`,
      `Bearer x", acr_values="none"\r\nSet-Cookie: a=b`,
    ]) {
      expect(await send(odd)).not.toMatch(/set-cookie|x-role|acr_values/i);
    }
    expect(await send(`Bearer ${token}, Bearer ${token}`)).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('the keys of the provider', () => {
  let shared: TestProvider;
  beforeEach(async () => {
    shared = provider;
    provider = await startProvider();
  });
  afterEach(async () => {
    await provider.stop();
    provider = shared;
  });

  test('are read once for many requests', async () => {
    const fresh = await anApi();
    const token = await logIn('auditor-1');
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(token, fresh)));
    expect(new Set(statuses)).toEqual(new Set(['200']));
    expect(provider.keyReads()).toBe(1);
  });

  test('may be rotated at any time: new tokens are taken at once, old ones until their key is withdrawn', async () => {
    const quick = await anApi(settingsOf(provider.issuer), { ...TIMES, freshForMs: 1_000 });
    const before = await logIn('auditor-1');
    expect(await statusOf(before, quick)).toBe('200');
    await sleep(COOL_DOWN_MS);
    await provider.rotate('published');
    const after = await logIn('auditor-1');
    expect([await statusOf(after, quick), await statusOf(before, quick)]).toEqual(['200', '200']);
    await provider.rotate('withdrawn');
    await sleep(1_000);
    // At the first request after the time, however long there was none.
    expect([await statusOf(after, quick), await statusOf(before, quick)]).toEqual([
      '401 unauthenticated',
      '401 unauthenticated',
    ]);
    expect(await statusOf(await logIn('auditor-1'), quick)).toBe('200');
  });

  test('are not asked for again and again by tokens with made-up key ids', async () => {
    const slow = await anApi(settingsOf(provider.issuer), { ...KEY_TIMES, coolDownMs: TIMEOUT_MS });
    expect(await statusOf(await provider.sign(claims()), slow)).toBe('200');
    for (let count = 0; count < 20; count++) {
      expect(await statusOf(await provider.sign(claims(), { kid: `made-up-${count}` }), slow)).toBe(
        '401 unauthenticated',
      );
    }
    expect(provider.keyReads()).toBe(1);
  });

  test('that are known go on being used while the provider is away; without them the answer is to come back later', async () => {
    const token = await logIn('auditor-1');
    const known = await anApi();
    expect(await statusOf(token, known)).toBe('200');
    const stale = await anApi(settingsOf(provider.issuer), { ...TIMES, freshForMs: 0 });
    const forgetful = await anApi(settingsOf(provider.issuer), { ...TIMES, freshForMs: 0, trustedForMs: 400 });
    expect([await statusOf(token, stale), await statusOf(token, forgetful)]).toEqual(['200', '200']);

    await provider.goAway();
    const started = await anApi();
    await sleep(500);
    expect([await statusOf(token, known), await statusOf(token, stale)]).toEqual(['200', '200']);
    // A key that is not known may be one that the provider has made meanwhile.
    expect(await statusOf(await provider.sign(claims(), { kid: 'new' }), known)).toBe('503 identity_unavailable');
    expect(await statusOf(token, forgetful)).toBe('503 identity_unavailable');
    expect(await everywhere(token, started)).toEqual(allOf('503 identity_unavailable'));
    // What cannot be a token of the provider is none, and who is in the staff file is not concerned.
    expect(await statusOf(await provider.sign(claims({ iss: 'https://elsewhere.example' })), started)).toBe(
      '401 unauthenticated',
    );
    await started.as('auditor-1').get('/api/cases').expect(200);
    await started.as(null).get('/readyz').expect(200);

    await provider.comeBack();
    await sleep(COOL_DOWN_MS);
    expect([await statusOf(token, started), await statusOf(token, forgetful)]).toEqual(['200', '200']);
  });
});

test.each<[string, (issuer: string) => RequestListener]>([
  [
    'says that it is another',
    () => json({ issuer: 'https://elsewhere.example', jwks_uri: 'https://elsewhere.example' }),
  ],
  [
    'has its keys where anybody could put others',
    (issuer) => json({ issuer, jwks_uri: 'http://elsewhere.example/jwks' }),
  ],
  ['has its keys in a file', (issuer) => json({ issuer, jwks_uri: 'file:///etc/passwd' })],
  ['has no keys', (issuer) => json({ issuer, jwks_uri: `${issuer}/jwks`, keys: [] })],
  ['sends elsewhere', () => (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['is broken', () => (_request, response) => response.writeHead(500).end('{}')],
  ['answers with something else', () => (_request, response) => response.end('<html>')],
  ['answers without end', () => (_request, response) => endless(response)],
  ['does not answer', () => () => undefined],
])('no keys are taken from a provider that %s', async (_what, listenerOf) => {
  const handlers: RequestListener[] = [];
  const issuer = await serve((request, response) => {
    handlers[0]?.(request, response);
  });
  handlers.push(listenerOf(issuer));
  const misled = await anApi(settingsOf(issuer), { ...TIMES, answerWithinMs: 1_000 });
  const began = Date.now();
  expect(await statusOf(await provider.sign(claims({ iss: issuer })), misled)).toBe('503 identity_unavailable');
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(misled.log()).toContain('the keys of the identity provider cannot be had');
});

function json(value: object): RequestListener {
  return (_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

function endless(response: Parameters<RequestListener>[1]): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

test('the document names the provider, and what every operation answers because of it', async () => {
  const { components, security } = api.document as unknown as {
    components: { securitySchemes: Record<string, { type: string; openIdConnectUrl?: string }> };
    security: object[];
  };
  expect(components.securitySchemes).toMatchObject({
    bearer: { type: 'http', scheme: 'bearer' },
    openIdConnect: {
      type: 'openIdConnect',
      openIdConnectUrl: `${provider.issuer}/.well-known/openid-configuration`,
    },
  });
  expect(security).toEqual([{ bearer: [] }, { openIdConnect: [] }]);
  const described = await fetch(String(components.securitySchemes.openIdConnect?.openIdConnectUrl));
  expect(await described.json()).toMatchObject({ issuer: provider.issuer });
});
