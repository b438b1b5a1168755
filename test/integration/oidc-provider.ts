import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  importJWK,
} from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

export const AUDIENCE = 'https://mafqood.example/api';
export const OTHER_AUDIENCE = 'https://payroll.example/api';
/** The levels of a log-in at this provider. */
export const ACR = { password: 'urn:test:password', otp: 'urn:test:otp' } as const;

const REDIRECT_URI = 'https://console.example/callback';
const PASSWORD = 'correct horse';
const CODE = '271828';
const MACHINE = { id: 'dispatch-system', secret: 'secret-of-the-dispatch-system' };

/** What the provider knows of its people and machines, and puts into their tokens. */
const CLAIMS: Readonly<Record<string, object>> = {
  'operator-1': { roles: ['operator', 'offline_access'], jurisdictions: ['QA'] },
  'supervisor-1': { roles: ['supervisor'], jurisdictions: ['QA'] },
  'supervisor-2': { roles: 'supervisor', jurisdictions: 'all' },
  'auditor-1': { roles: ['auditor'] },
  visitor: { roles: ['canteen'] },
  stranger: {},
  'two-hats': { roles: ['operator', 'supervisor'] },
  [MACHINE.id]: { roles: ['operator'], jurisdictions: ['QA'] },
};

export type Person = 'operator-1' | 'supervisor-1' | 'supervisor-2' | 'auditor-1' | 'visitor' | 'stranger' | 'two-hats';

export interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
}

/** npm's `oidc-provider`, serving. */
export interface TestProvider {
  readonly issuer: string;
  /** What a person gets who logs in on its page, by an authorization code with PKCE. */
  logIn(
    person: Person,
    how?: { readonly withCode?: boolean; readonly resource?: string; readonly acrValues?: string },
  ): Promise<Tokens>;
  /** The access token of a machine, by its client's credentials. */
  machineToken(): Promise<string>;
  /** A token that is signed with the provider's present key, with claims that it would not make by itself. */
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** The present key, as everybody may read it. */
  publicKey(): JWK;
  /** From now on it signs with a new key; the old one is published on, or withdrawn. */
  rotate(old: 'published' | 'withdrawn'): Promise<void>;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** How often its keys have been read. */
  readonly keyReads: () => number;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<TestProvider> {
  let reads = 0;
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') reads++;
    void handle(request, response);
  });
  const port = await listen(server, 0);
  const issuer = `http://127.0.0.1:${port}`;
  let keys = [await newKey()];
  const serve = (): void => {
    const provider = quietly(() => new Provider(issuer, configuration(keys)));
    handle = handlerOf(provider);
  };
  serve();

  const present = (): JWK => {
    const [key] = keys;
    if (!key) throw new Error('the provider has no key');
    return key;
  };
  const goAway = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    issuer,
    logIn: (person, how = {}) => logIn(issuer, person, how),
    machineToken: async () => {
      const { access_token: token } = await tokensFrom(issuer, {
        grant_type: 'client_credentials',
        client_id: MACHINE.id,
        client_secret: MACHINE.secret,
        resource: AUDIENCE,
      });
      return token;
    },
    sign: async (claims, header = {}) => {
      const { kid = '' } = present();
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, ...header })
        .sign(await importJWK(present(), 'RS256'));
    },
    publicKey: () => {
      const { kty, n, e, kid, alg, use } = present();
      return { kty, n, e, kid, alg, use } as JWK;
    },
    rotate: async (old) => {
      keys = [await newKey(), ...(old === 'published' ? keys : [])];
      serve();
    },
    goAway,
    comeBack: async () => {
      await listen(server, port);
    },
    keyReads: () => reads,
    stop: async () => {
      if (server.listening) await goAway();
    },
  };
}

/** It warns that it keeps everything in memory, which is what is wanted of it. */
function quietly<T>(work: () => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return work();
  } finally {
    console.warn = warn;
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
}

function configuration(keys: JWK[]): Configuration {
  return {
    jwks: { keys },
    ttl: { AccessToken: 600, ClientCredentials: 600, IdToken: 600, Grant: 600, Interaction: 600, Session: 600 },
    cookies: { keys: ['for the tests'] },
    acrValues: Object.values(ACR),
    clients: [
      {
        client_id: 'console',
        token_endpoint_auth_method: 'none',
        redirect_uris: [REDIRECT_URI],
      },
      {
        client_id: MACHINE.id,
        client_secret: MACHINE.secret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context, { uid }) => `/login/${uid}` },
    // All of its clients are the authority's own: nobody is asked for consent.
    loadExistingGrant: async ({ oidc }) => {
      const { provider, client, session, params } = oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope('openid');
      grant.addResourceScope(String(params?.resource), 'api');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => ({
          scope: 'api',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: ({ oidc }, token) => {
      const { acr, amr, authTime } = oidc.entities.AuthorizationCode ?? {};
      const holder = 'accountId' in token ? token.accountId : token.clientId;
      return { ...CLAIMS[holder ?? ''], acr, amr, auth_time: authTime };
    },
  };
}

/** The provider itself, and its page for logging in. */
function handlerOf(provider: Provider): (request: IncomingMessage, response: ServerResponse) => unknown {
  const ofProvider = provider.callback();
  return async (request, response) => {
    if (!request.url?.startsWith('/login/')) return ofProvider(request, response);
    if (request.method === 'GET') return response.end('<form method="post">…</form>');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const typed = new URLSearchParams(Buffer.concat(chunks).toString());
    const code = typed.get('code');
    if (typed.get('password') !== PASSWORD || (code !== null && code !== CODE)) {
      response.statusCode = 403;
      return response.end();
    }
    const login = {
      accountId: typed.get('name') ?? '',
      acr: code === null ? ACR.password : ACR.otp,
      amr: code === null ? ['pwd'] : ['pwd', 'otp', 'mfa'],
    };
    return provider.interactionFinished(request, response, { login });
  };
}

/** As a browser does it: follows where it is led, keeps cookies, and fills in the form. */
async function logIn(
  issuer: string,
  person: Person,
  { withCode = false, resource = AUDIENCE, acrValues }: Parameters<TestProvider['logIn']>[1] & object,
): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url');
  const cookies = new Map<string, string>();
  const open = async (address: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  const query = new URLSearchParams({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid api',
    resource,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(acrValues !== undefined && { acr_values: acrValues }),
  });
  let at = `${issuer}/auth?${query.toString()}`;
  for (let step = 0; step < 6; step++) {
    const atLogin = new URL(at).pathname.startsWith('/login/');
    const form = { name: person, password: PASSWORD, ...(withCode && { code: CODE }) };
    const answer = await open(at, atLogin ? form : undefined);
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${at} answered ${answer.status}: ${await answer.text()}`);
    at = new URL(location, at).href;
    if (at.startsWith(REDIRECT_URI)) break;
  }
  const code = new URL(at).searchParams.get('code');
  if (code === null) throw new Error(`logging in ended at ${at}`);
  return tokensFrom(issuer, {
    grant_type: 'authorization_code',
    client_id: 'console',
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
    resource,
  });
}

async function tokensFrom(issuer: string, form: Record<string, string>): Promise<Tokens> {
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const said = (await answer.json()) as Partial<Tokens>;
  const { access_token } = said;
  if (access_token === undefined) throw new Error(`no token: ${JSON.stringify(said)}`);
  return { ...said, access_token };
}
