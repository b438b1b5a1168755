import { createHmac } from 'node:crypto';

/** The headers that sign the body of a webhook; the format is in docs/webhook.md. */
export function signedHeaders(secret: string, body: string, now = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  // The timestamp is signed with the body, so that an old message cannot be sent again as a new one.
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'Mafqood-Timestamp': timestamp, 'Mafqood-Signature': `v1=${signature}` };
}
