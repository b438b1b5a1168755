import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const source = (file: string): string => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

/** Bundles the workflows, or others in their place, as the worker does, payload converter included. */
export async function bundleWorkflows(
  workflowsPath = source('workflows/index.ts'),
): Promise<{ codePath: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mafqood-workflows-'));
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    payloadConverterPath: source('temporal/payload-converter.ts'),
    logger: new DefaultLogger('WARN'),
  });
  const codePath = path.join(folder, 'workflows.js');
  await writeFile(codePath, code);
  return { codePath, remove: () => rm(folder, { recursive: true, force: true }) };
}
