import { Connection } from '@temporalio/client';
import { readTemporalConfig, settingsOrExit } from '../config.js';
import type { TemporalAddress } from './client.js';
import { registerSearchAttributes } from './search-attributes.js';

/** Registers the search attributes of cases in the namespace. Harmless to repeat. */
async function main({ address, namespace }: TemporalAddress): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await registerSearchAttributes(connection, namespace);
    console.log(`The search attributes of cases are registered in the namespace ${namespace}.`);
  } finally {
    await connection.close();
  }
}

await main(settingsOrExit(readTemporalConfig));
