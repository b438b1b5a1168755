import { isNativeError } from 'node:util/types';

/** What the network says when PostgreSQL is away. */
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'EAI_AGAIN']);
/** What PostgreSQL says: connection lost, no room, standing by, lock or statement took too long, shutting down, crashed, starting up. */
const SQLSTATES = /^(08...|53...|25006|55P03|57014|57P0[1-5])$/;
/** What node-postgres says, without a code. */
const MESSAGES = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
];

/** Whether an error says that PostgreSQL cannot be reached just now, so that the same request may do better in a moment. */
export function isStoreUnavailable(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NETWORK.has(code) || SQLSTATES.test(code)) return true;
  return MESSAGES.some((message) => error.message.startsWith(message)) || isStoreUnavailable(error.cause);
}
