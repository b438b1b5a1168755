import { expect, test } from '@jest/globals';
import type { JWTPayload } from 'jose';
import { holderOf } from '../../src/oidc/token-holder.js';
import type { OidcSettings } from '../../src/oidc/settings.js';

const NOW = Date.UTC(2026, 10, 25);
const SECONDS = NOW / 1_000;

const settings = (role = 'roles', jurisdictions = 'jurisdictions'): OidcSettings => ({
  issuer: 'https://login.example',
  audience: 'https://mafqood.example/api',
  claims: { staffId: 'sub', role, jurisdictions },
  roles: new Map([
    ['readers', 'auditor'],
    ['approvers', 'supervisor'],
  ]),
  secondFactor: { acr: ['gold'], amr: ['otp', 'hwk'], maxAgeMs: 3_600_000 },
});

const CLAIMS: JWTPayload = { sub: 'auditor-1', roles: ['readers'] };

const roleIn = (claims: object, role?: string): string => holderOf({ sub: 'a', ...claims }, settings(role), NOW).role;

test('a claim is found by its name, or by its path when no claim has that name', () => {
  expect(roleIn({ realm_access: { roles: ['readers'] } }, 'realm_access.roles')).toBe('auditor');
  expect(roleIn({ 'https://mafqood.example/roles': 'readers' }, 'https://mafqood.example/roles')).toBe('auditor');
  expect(roleIn({ 'a.b': 'readers', a: { b: 'approvers' } }, 'a.b')).toBe('auditor');
});

test.each([
  'constructor',
  '__proto__',
  'roles.constructor.name',
  'roles.length',
  'sub.length',
  'nothing.at.all',
  '.',
  '',
])('nothing but what a token says is a claim: %j is none', (role) => {
  expect(() => roleIn({ roles: ['readers'] }, role)).toThrow('role_unclear');
});

test.each([
  [[]],
  [null],
  [5],
  [{ readers: true }],
  [['Readers', 'readers ']],
  [['readers', 'approvers']],
  ['readers approvers'],
])('%j is not exactly one role', (roles) => {
  expect(() => roleIn({ roles })).toThrow('role_unclear');
});

test('a role that is said twice is one, and what is no role here counts for nothing', () => {
  expect(roleIn({ roles: ['offline_access', 'readers', 'readers', 7, null] })).toBe('auditor');
});

test.each([undefined, null, 5, '', 'Sara Example', '-x', 'x'.repeat(65), ['auditor-1'], 'a\r\nb'])(
  '%j is no staff id',
  (sub) => {
    expect(() => holderOf({ ...CLAIMS, sub } as JWTPayload, settings(), NOW)).toThrow('staff_id_unusable');
  },
);

test.each<[unknown, readonly string[] | 'all']>([
  [undefined, []],
  [null, []],
  ['QA', ['QA']],
  [
    ['QA', 'SA', 3],
    ['QA', 'SA'],
  ],
  ['all', 'all'],
  [['QA', 'all'], 'all'],
])('jurisdictions %j are %j', (jurisdictions, expected) => {
  expect(holderOf({ ...CLAIMS, jurisdictions }, settings(), NOW).jurisdictions).toEqual(expected);
});

test.each<[object, boolean]>([
  [{}, false],
  [{ acr: 'silver', amr: ['pwd'] }, false],
  [{ acr: 'gold' }, true],
  [{ acr: ['gold'] }, false],
  [{ amr: ['pwd', 'otp'] }, true],
  [{ amr: 'hwk' }, true],
  [{ amr: 'pwd otp' }, false],
  [{ amr: { otp: true } }, false],
  [{ acr: 'gold', auth_time: SECONDS - 3_600 }, true],
  [{ acr: 'gold', auth_time: SECONDS - 3_601 }, false],
  [{ acr: 'gold', auth_time: 'now' }, false],
  [{ acr: 'gold', auth_time: null }, false],
])('a log-in of %j has a second factor: %j', (claims, expected) => {
  expect(holderOf({ ...CLAIMS, ...claims }, settings(), NOW).hasSecondFactor).toBe(expected);
});
