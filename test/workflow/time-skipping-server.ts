import { TestWorkflowEnvironment } from '@temporalio/testing';
import { cacheFolder } from '../../src/embedded/data-folder.js';
import { temporalTestServer } from '../../src/embedded/temporal-binaries.js';
import { searchAttributeTypes } from '../../src/temporal/search-attributes.js';

/** A Temporal test server of our own, whose clock the test moves, with the search attributes that cases set. */
export async function startTimeSkippingServer(): Promise<TestWorkflowEnvironment> {
  const path = await temporalTestServer(cacheFolder, (line) => process.stderr.write(`${line}\n`));
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  // The test server can add search attributes, and cannot list them.
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace ?? 'default',
    searchAttributes: searchAttributeTypes(),
  });
  return environment;
}
