import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readStaffApiConfig } from '../../src/config.js';

const folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const staffFile = join(folder, 'staff.json');
writeFileSync(
  staffFile,
  JSON.stringify([
    { token: 'x'.repeat(32), id: 'supervisor-1', name: 'Supervisor 1', role: 'supervisor', jurisdictions: 'all' },
  ]),
);

const REST = {
  MAFQOOD_DATABASE_URL: 'postgres://localhost/mafqood',
  MAFQOOD_POLICY_FILE: join(import.meta.dirname, '../../config/policy.yaml'),
  MAFQOOD_STAFF_PORT: '0',
  MAFQOOD_PUBLIC_URL: 'https://alerts.example',
  TEMPORAL_ADDRESS: 'localhost:7233',
  TEMPORAL_UI_URL: 'http://localhost:8233',
};
const PROVIDER = {
  MAFQOOD_OIDC_ISSUER: 'https://login.example/realms/police',
  MAFQOOD_OIDC_AUDIENCE: 'https://mafqood.example/api',
};

function problemsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    readStaffApiConfig({ ...REST, ...environment });
    return [];
  } catch (error) {
    return (error as { problems: string[] }).problems;
  }
}

test('people are known by the staff file, by a provider, or by both; not by neither', () => {
  expect(readStaffApiConfig({ ...REST, MAFQOOD_STAFF_FILE: staffFile }).oidc).toBeUndefined();
  expect(readStaffApiConfig({ ...REST, ...PROVIDER }).staff).toEqual([]);
  expect(readStaffApiConfig({ ...REST, ...PROVIDER, MAFQOOD_STAFF_FILE: staffFile })).toMatchObject({
    oidc: { issuer: PROVIDER.MAFQOOD_OIDC_ISSUER },
    staff: [{ id: 'supervisor-1' }],
  });
  expect(problemsOf({})).toEqual([
    'MAFQOOD_STAFF_FILE: is not set, and neither is MAFQOOD_OIDC_ISSUER: nobody could call',
  ]);
});

test('of a provider only its issuer and our audience have to be said', () => {
  const { oidc } = readStaffApiConfig({ ...REST, ...PROVIDER });
  expect(oidc).toEqual({
    issuer: 'https://login.example/realms/police',
    audience: 'https://mafqood.example/api',
    claims: { staffId: 'sub', role: 'roles', jurisdictions: 'jurisdictions' },
    roles: new Map(['operator', 'supervisor', 'administrator', 'auditor'].map((role) => [role, role])),
    secondFactor: { acr: [], amr: ['mfa', 'otp', 'hwk'], maxAgeMs: 12 * 3_600_000 },
  });
});

test('everything that can be said of a provider is read', () => {
  const { oidc } = readStaffApiConfig({
    ...REST,
    MAFQOOD_OIDC_ISSUER: 'http://localhost:8080/realms/police',
    MAFQOOD_OIDC_AUDIENCE: 'mafqood',
    MAFQOOD_OIDC_STAFF_ID_CLAIM: 'preferred_username',
    MAFQOOD_OIDC_ROLE_CLAIM: 'realm_access.roles',
    MAFQOOD_OIDC_ROLES: '{"CN=Mafqood, OU=Police":"supervisor","/readers":"auditor"}',
    MAFQOOD_OIDC_JURISDICTIONS_CLAIM: 'areas',
    MAFQOOD_OIDC_SECOND_FACTOR_ACR: 'gold urn:level:2',
    MAFQOOD_OIDC_SECOND_FACTOR_AMR: 'hwk',
    MAFQOOD_OIDC_SECOND_FACTOR_AGE: '30m',
  });
  expect(oidc).toEqual({
    issuer: 'http://localhost:8080/realms/police',
    audience: 'mafqood',
    claims: { staffId: 'preferred_username', role: 'realm_access.roles', jurisdictions: 'areas' },
    roles: new Map([
      ['CN=Mafqood, OU=Police', 'supervisor'],
      ['/readers', 'auditor'],
    ]),
    secondFactor: { acr: ['gold', 'urn:level:2'], amr: ['hwk'], maxAgeMs: 1_800_000 },
  });
});

test('everything that is wrong with the settings of a provider is told at once', () => {
  expect(
    problemsOf({
      MAFQOOD_OIDC_ISSUER: 'http://login.example',
      MAFQOOD_OIDC_ROLES: '{"boss":"chief"}',
      MAFQOOD_OIDC_SECOND_FACTOR_ACR: 'gold", x="',
      MAFQOOD_OIDC_SECOND_FACTOR_AMR: 'otp\r\nSet-Cookie: a=b',
      MAFQOOD_OIDC_SECOND_FACTOR_AGE: 'a day',
    }),
  ).toEqual([
    'MAFQOOD_OIDC_ISSUER: must be an https:// URL; http:// only on this machine',
    'MAFQOOD_OIDC_ROLES: must be a JSON object like {"a value of the claim":"operator"}; roles are operator, supervisor, administrator, auditor',
    'MAFQOOD_OIDC_SECOND_FACTOR_ACR: must be words with one space between them',
    'MAFQOOD_OIDC_SECOND_FACTOR_AMR: must be words with one space between them',
    'MAFQOOD_OIDC_SECOND_FACTOR_AGE: must be a duration such as 90s, 3m, 24h or 30d',
    'MAFQOOD_OIDC_AUDIENCE: is not set, and MAFQOOD_OIDC_ISSUER is: tokens that it makes for others would be taken',
  ]);
});

test.each(['login.example', 'ftp://login.example', 'http://127.0.0.1.evil.example', 'https://login.example/?a=b'])(
  '%s is no issuer',
  (issuer) => {
    expect(problemsOf({ ...PROVIDER, MAFQOOD_OIDC_ISSUER: issuer })).toHaveLength(1);
  },
);

test('what is said of a provider without naming it is told, and not left unread', () => {
  expect(problemsOf({ MAFQOOD_STAFF_FILE: staffFile, MAFQOOD_OIDC_AUDIENCE: 'mafqood' })).toEqual([
    'MAFQOOD_OIDC_ISSUER: is not set, and another variable of it is',
  ]);
});
