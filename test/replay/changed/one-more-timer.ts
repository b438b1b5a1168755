import { sleep } from '@temporalio/workflow';
import { missingChildCase as unchanged } from '../../../src/workflows/missing-child-case.js';

/** The case, changed in a way that no running one would survive: it waits before it begins. */
export async function missingChildCase(...args: Parameters<typeof unchanged>): ReturnType<typeof unchanged> {
  await sleep('1 second');
  return unchanged(...args);
}
