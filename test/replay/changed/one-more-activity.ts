import { proxyActivities } from '@temporalio/workflow';
import type { JournalActivities } from '../../../src/activities/journal-activities.js';
import { missingChildCase as unchanged } from '../../../src/workflows/missing-child-case.js';

const { newestStoredCommand } = proxyActivities<JournalActivities>({ startToCloseTimeout: '1 second' });

/** The case, changed in a way that no running one would survive: it asks something beside what it does. */
export async function missingChildCase(...args: Parameters<typeof unchanged>): ReturnType<typeof unchanged> {
  void newestStoredCommand('MFQ-7K3D-92XQ');
  return unchanged(...args);
}
