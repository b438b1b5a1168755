import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';

/** Where Temporal is. */
export interface TemporalAddress {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly namespace: string;
}

/** How long a call to Temporal may take before it counts as unreachable: a caller of the API waits for it. */
export const CALL_TIMEOUT_MS = 3_000;

/** By default gRPC looks less and less often for a server that went away, at last every two minutes; a stored approval cannot wait. */
const RECONNECT_WITHIN_MS = 1_000;

/** The module that both ends load the payload converter from. */
export const PAYLOAD_CONVERTER_PATH = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './payload-converter.ts' : './payload-converter.js', import.meta.url),
);

/** A client that connects when it is first used, so that a process can start, and store, while Temporal is away. */
export function createTemporalClient({ address, namespace }: TemporalAddress): Client {
  const channelArgs = {
    'grpc.initial_reconnect_backoff_ms': RECONNECT_WITHIN_MS,
    'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS,
  };
  return new Client({ connection: Connection.lazy({ address, channelArgs }), namespace });
}
