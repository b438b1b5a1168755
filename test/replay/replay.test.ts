import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { installQuietRuntime } from '../workflow/quiet-runtime.js';
import { bundleWorkflows } from '../workflow/workflow-bundle.js';
import { recordedNames, textOf } from './histories.js';

jest.setTimeout(60_000);
installQuietRuntime();

const NAMES = await recordedNames();

type Bundle = Awaited<ReturnType<typeof bundleWorkflows>>;

async function replay(name: string, workflowBundle: Bundle): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle, replayName: name }, JSON.parse(await textOf(name)));
}

describe('the workflow of a case', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleWorkflows();
  });
  afterAll(() => bundle.remove());

  it.each(NAMES)('does again what it did when this was recorded: %s', async (name) => {
    await replay(name, bundle);
  });
});

describe('a workflow that was changed', () => {
  it.each(['one-more-timer', 'one-more-activity'])('is told from the recorded one: %s', async (change) => {
    const bundle = await bundleWorkflows(fileURLToPath(new URL(`changed/${change}.ts`, import.meta.url)));
    for (const name of NAMES) {
      await expect(replay(name, bundle)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
    }
    await bundle.remove();
  });
});
