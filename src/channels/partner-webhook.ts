import type { Milliseconds } from '../domain/time.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import { signedHeaders } from '../signature.js';
import type { PartnerDesk, PartnerMessage } from './partner-message.js';

/** Shorter than any step. */
const PATIENCE: Milliseconds = 8_000;

/** Hands packages over as signed JSON; the format is in docs/partner-desk.md. */
export function partnerWebhook({ url, secret }: { readonly url: string; readonly secret: string }): PartnerDesk {
  return {
    async handOver(message) {
      const body = JSON.stringify(jsonOf(message));
      const headers = { 'Content-Type': 'application/json', ...signedHeaders(secret, body) };
      const status = await post(url, body, headers);
      if (status >= 200 && status <= 299) return;
      const code = `desk/${status}`;
      // Said so, it is not done; of anything else it cannot be told.
      if (status === 408 || status === 429 || status >= 500) throw new ChannelFailure('unknown', code);
      throw new ChannelFailure('refused', code);
    },
  };
}

function jsonOf({ alert, ...message }: PartnerMessage): object {
  if (!alert) return message;
  const { tier, centre, countries, text, texts, altText, files } = alert;
  const images = files.map(({ name, mediaType, sha256, bytes }) => ({
    name,
    mediaType,
    sha256,
    base64: bytes.toString('base64'),
  }));
  return { ...message, tier, centre, countries, text, texts, altText, files: images };
}

/** @returns the HTTP status. A redirection is not followed: the package is for the desk that was set up and nobody else. */
async function post(url: string, body: string, headers: Record<string, string>): Promise<number> {
  const timeout = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: timeout });
    await response.body?.cancel();
    return response.status;
  } catch {
    throw new ChannelFailure('unknown', timeout.aborted ? 'desk/timeout' : 'desk/unreachable');
  }
}
