import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { caseNumberSchema } from '../../src/api/path-parameters.js';
import { PROBLEMS } from '../../src/api/problem.js';
import { newCaseNumber } from '../../src/domain/case-number.js';
import { documented, operationsOf, schemasOf } from './api-documented.js';
import { type ApiUnderTest, startApi } from './api-stage.js';

/** Nothing here asks for a case. */
const NO_DATABASE = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi(NO_DATABASE);
});

afterAll(() => api.stop());

test('the document is OpenAPI 3.1, may be read without a token, and is the same whenever it is made', async () => {
  const twin = await startApi(NO_DATABASE);
  try {
    const [first, second] = await Promise.all(
      [api, twin].map(async ({ url }) => {
        const answer = await fetch(`${url}/openapi.json`);
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
        return answer.text();
      }),
    );
    expect(JSON.parse(first ?? '')).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./),
      info: { version: '1.0.0' },
    });
    expect(second).toBe(first);
  } finally {
    await twin.stop();
  }
});

test('every operation has an id of its own, and every parameter of its path', () => {
  const operations = operationsOf(api.document);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { path, parameters } of operations) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
});

test('only what says nothing about cases needs no token', () => {
  const open = operationsOf(api.document).filter(({ security }) => security?.length === 0);
  expect(open.filter(({ path }) => path.startsWith('/api/'))).toEqual([]);
});

test('every reference leads somewhere, and every example is what its schema says', () => {
  const text = JSON.stringify(api.document);
  const { schemas } = api.document.components;
  const targets = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(0);
  expect(targets.filter((target) => !Object.hasOwn(schemas, target.replace('#/components/schemas/', '')))).toEqual([]);

  const schemaAt = schemasOf(api.document);
  const wrong: string[] = [];
  for (const { method, path, operationId, requestBody, responses } of operationsOf(api.document)) {
    const here = ['paths', path, method];
    for (const [mediaType, { example }] of Object.entries(requestBody?.content ?? {})) {
      const validate = schemaAt(...here, 'requestBody', 'content', mediaType, 'schema');
      if (example !== undefined && !validate(example)) wrong.push(operationId);
    }
    for (const [status, { content }] of Object.entries(responses)) {
      for (const [mediaType, { examples = {} }] of Object.entries(content)) {
        const validate = schemaAt(...here, 'responses', status, 'content', mediaType, 'schema');
        for (const [name, { value }] of Object.entries(examples))
          if (!validate(value)) wrong.push(`${operationId} ${name}`);
      }
    }
  }
  const report = [
    'paths',
    '/api/cases',
    'post',
    'requestBody',
    'content',
    'multipart/form-data',
    'schema',
    'properties',
    'report',
  ];
  const { examples = [] } = report.reduce<unknown>(
    (at, step) => (at as Record<string, unknown>)[step],
    api.document,
  ) as {
    examples?: unknown[];
  };
  expect(examples).toHaveLength(1);
  for (const example of examples) if (!schemaAt(...report)(example)) wrong.push('the report');
  expect(wrong).toEqual([]);
});

test('every problem is declared by some operation, but for those outside all of them', () => {
  const text = JSON.stringify(api.document.paths);
  expect(Object.keys(PROBLEMS).filter((code) => !text.includes(`"${code}":{"value"`))).toEqual([
    'not_found',
    'method_not_allowed',
  ]);
});

test('the pattern of a case number is that of the domain', () => {
  const { pattern } = caseNumberSchema.meta() as { pattern: string };
  for (let count = 0; count < 500; count++) {
    const number = newCaseNumber((bytes) => randomBytes(bytes));
    expect(number).toMatch(new RegExp(pattern));
    for (const letter of 'AEIOUVLY01') {
      const other = `${number.slice(0, -1)}${letter}`;
      expect(new RegExp(pattern).test(other)).toBe(caseNumberSchema.safeParse(other).success);
    }
  }
});

test('the documentation page and all that it loads come from here, under a policy that lets it load nothing else', async () => {
  const page = await fetch(`${api.url}/docs`);
  expect(page.url).toBe(`${api.url}/docs/`);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/https?:|upgrade-insecure-requests/);
  const html = await page.text();
  // A script that stands in the page itself would not run.
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => new URL(address, page.url));
  expect(loaded).toHaveLength(6);
  for (const address of loaded) {
    expect(address.origin).toBe(api.url);
    const asset = await fetch(address);
    expect([address.pathname, asset.status]).toEqual([address.pathname, 200]);
    await asset.body?.cancel();
  }
  const start = await (await fetch(`${api.url}/docs/swagger-ui-init.js`)).text();
  expect(start).toContain('"swaggerUrl": "/openapi.json"');
  expect(start).toContain('"validatorUrl": null');
});

test('no other page gets that policy, and nothing else of the package is served', async () => {
  const { headers } = await fetch(`${api.url}/healthz`);
  expect(headers.get('content-security-policy')).not.toContain("default-src 'none'");
  for (const path of [
    '/docs/index.html',
    '/docs/package.json',
    '/docs/swagger-ui.js.map',
    '/docs/../openapi',
    '/docs/x/',
  ]) {
    expect([path, (await fetch(api.url + path)).status]).toEqual([path, 401]);
  }
});

test.each([
  ['is no HTTP', 'nonsense\r\n\r\n', 400, 'malformed_request'],
  ['asks for an address that is none', 'GET http://[::1/healthz HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_request'],
  ['expects what nobody promised', 'GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: foo\r\n\r\n', 400, 'malformed_request'],
  ['names no host and no token', 'GET /api/cases HTTP/1.1\r\nConnection: close\r\n\r\n', 401, 'unauthenticated'],
  ['has a header that cannot be', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n', 400, 'malformed_request'],
  [
    'has too large headers',
    `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
])('what %s is answered with a problem too', async (_what, sent, status, code) => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(sent, 'latin1');
  await once(socket, 'close');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain('Content-Type: application/problem+json');
  const problem: unknown = JSON.parse(body);
  expect(problem).toMatchObject({ status, code });
  expect(schemasOf(api.document)('components', 'schemas', 'Problem')(problem)).toBe(true);
});

test('an answer that is not as documented does not get past these tests', async () => {
  const answers: readonly (readonly [number, string, string])[] = [
    [200, 'application/json', '{"status":"ok"}'],
    [200, 'application/json', '{"status":"ok","more":1}'],
    [200, 'text/html', 'ok'],
    [418, 'application/json', '{}'],
    [500, 'application/problem+json', '{"code":"internal_error"}'],
  ];
  let next = 0;
  const held = documented((request, response) => {
    const [status, type, body] = answers[next++] ?? [0, '', ''];
    Object.assign(request, { originalUrl: request.url });
    response.statusCode = status;
    response.setHeader('Content-Type', type).end(body);
  });
  held.use(api.document);
  const server = createServer(held.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  while (next < answers.length) await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
  server.close();
  server.closeAllConnections();
  expect(held.wrong.map((text) => text.split(',')[0])).toEqual([
    'GET /healthz answered 200',
    'GET /healthz answered 200',
    'GET /healthz answered 418',
    'GET /healthz answered 500',
  ]);
});
