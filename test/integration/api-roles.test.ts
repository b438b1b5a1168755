import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMANDS, type Permission, READS, rolesFor, STAFF_ROLES } from '../../src/domain/permissions.js';
import { operationsOf, type Placed } from './api-documented.js';
import { aPhoto, type ApiUnderTest, bodyOf, PEOPLE, type Person, sendReport, startApi } from './api-stage.js';
import { addressIn, sendAsDocumented } from './api-requests.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let api: ApiUnderTest;
let photo: Buffer;
let operations: Placed[];

beforeAll(async () => {
  server = await startDatabaseServer();
  api = await startApi((await server.newDatabase()).databaseUrl);
  photo = await aPhoto();
  operations = operationsOf(api.document).filter(({ security }) => security?.length !== 0);
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

const ROLE_OF = { operator: 'operator-1', supervisor: 'supervisor-1', administrator: 'admin-1', auditor: 'auditor-1' };

/** Which line of the table an operation stands on: that of its name, but for the two that open a case. */
function permissionOf({ operationId }: Placed): Permission {
  return ({ reportCase: 'report', reissueCase: 'reissue' } as const)[operationId] ?? (operationId as Permission);
}

test('every operation has its line in the table, every line its operation, and the document says what the table says', () => {
  expect(operations.map(permissionOf).sort()).toEqual([...Object.keys(COMMANDS), ...Object.keys(READS)].sort());
  for (const operation of operations) {
    const roles = STAFF_ROLES.filter((role) => rolesFor(permissionOf(operation)).includes(role));
    expect([operation.operationId, (operation as { 'x-roles'?: unknown })['x-roles']]).toEqual([
      operation.operationId,
      roles,
    ]);
  }
});

test('every route answers every role as the table says, with a case that is there and all that a request needs', async () => {
  // One for all: a case asks for the role before anything that another request may have changed.
  const theCase = bodyOf(await sendReport(api, { photo }).expect(201)) as { caseNumber: string; commandId: string };
  const expected: Record<string, string> = {};
  const seen: Record<string, string> = {};
  for (const operation of operations) {
    for (const role of STAFF_ROLES) {
      const what = `${operation.operationId} by ${role}`;
      const answer = await sendAsDocumented(
        api,
        ROLE_OF[role] as Person,
        operation,
        addressIn(operation, theCase),
        photo,
      );
      const refused = answer.status === 403 && answer.body.code === 'role_may_not';
      seen[what] = refused ? 'may not' : answer.status < 500 && answer.status !== 401 ? 'may' : String(answer.status);
      expected[what] = rolesFor(permissionOf(operation)).includes(role) ? 'may' : 'may not';
    }
  }
  expect(PEOPLE).toEqual(expect.arrayContaining(Object.values(ROLE_OF)));
  expect(seen).toEqual(expected);
}, 180_000);

test('an auditor changes nothing: no command is theirs', () => {
  const theirs = Object.entries(COMMANDS).filter(([, { roles }]) => (roles as readonly string[]).includes('auditor'));
  expect(theirs).toEqual([]);
});
