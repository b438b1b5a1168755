/** Runs a whole stack on the data folder and by the policy file given as its arguments until SIGTERM, and says where everything is. */
import { startStack } from '../../src/embedded/stack.js';
import type { Access } from './stage.js';

const [, , dataFolder = '', policyFile = ''] = process.argv;
const stack = await startStack({ dataFolder, policyFile, progress: (line) => console.error(line) });
process.once('SIGTERM', () => void stack.stop().then(() => process.exit()));
const { staffUrl, simulator, temporal, mailbox, logFolder, secrets } = stack;
const access: Access = {
  staffUrl,
  simulator,
  temporal: { address: temporal.address, namespace: temporal.namespace, uiUrl: temporal.uiUrl },
  mailbox: { url: mailbox.url, webhookUrl: mailbox.webhookUrl },
  logFolder,
  dataFolder: stack.dataFolder,
  secrets: { tokens: secrets.tokens },
};
process.send?.(access);
