import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';
import { PAYLOAD_CONVERTER_PATH } from './client.js';

const WORKFLOWS_PATH = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../workflows/index.ts' : '../workflows/index.js', import.meta.url),
);

/** The workflows as the one script that workers run. It takes a processor a second or two. */
export async function bundleWorkflows(logger: Logger): Promise<{ readonly code: string }> {
  return bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, payloadConverterPath: PAYLOAD_CONVERTER_PATH, logger });
}
