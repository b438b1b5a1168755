import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Notice } from '../../src/domain/notice.js';
import { createNoticeLog } from '../../src/store/notice-log.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;

beforeAll(async () => {
  server = await startDatabaseServer();
  database = await server.newDatabase();
}, 60_000);

afterAll(() => server.stop(), 60_000);

const QUOTA: Notice = {
  id: 'quota:instagram:2026-11-24',
  caseNumber: null,
  tier: 'amber',
  runKind: 'actual',
  people: ['admin-1'],
  subject: { about: 'quota', channel: 'instagram', used: 40, total: 50 },
  at: Date.UTC(2026, 10, 24),
};
const OF_A_CASE: Notice = { ...QUOTA, id: 'MFQ-7K3D-92XQ:4', caseNumber: 'MFQ-7K3D-92XQ' };

test.each([
  ['of a case', OF_A_CASE],
  ['of an account and no case', QUOTA],
])(
  'what became of a notice %s is kept: an attempt that failed, and then that it was delivered, for good',
  async (_of, notice) => {
    const log = createNoticeLog(database.pool);
    expect(await log.reached(notice.id)).toEqual([]);
    await log.recordFailed(notice, 'admin-1', 'mail', 'mail/timeout');
    expect(await log.reached(notice.id)).toEqual([]);
    await log.recordDelivered(notice, 'admin-1', 'mail');
    await log.recordFailed(notice, 'admin-1', 'mail', 'mail/timeout');
    expect(await log.reached(notice.id)).toEqual([{ person: 'admin-1', way: 'mail' }]);
  },
);
