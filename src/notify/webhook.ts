import { signedHeaders } from '../signature.js';
import { type Message, SendFailure, type Way } from './way.js';

const PATIENCE_MS = 5_000;

/** Sends notices as signed JSON over HTTP; the format is in docs/webhook.md. */
export function webhookWay({ secret }: { readonly secret: string }): Way {
  return {
    async send(address, message) {
      const body = JSON.stringify(payload(message));
      const status = await post(address, body, {
        'Content-Type': 'application/json',
        ...signedHeaders(secret, body),
      });
      if (status < 200 || status > 299) throw new SendFailure(`webhook/${status}`);
    },
  };
}

function payload({ notice, person, text }: Message): object {
  const { id, caseNumber, tier, runKind, subject, at } = notice;
  const marked = (words: string): string => text.mark + words;
  return {
    id,
    person,
    caseNumber,
    tier,
    runKind,
    ...subject,
    at: new Date(at).toISOString(),
    subject: { ar: marked(text.subject.ar), en: marked(text.subject.en) },
    text: { ar: marked(text.text.ar), en: marked(text.text.en) },
    link: text.link,
  };
}

/** @returns the HTTP status. A redirection is not followed: the notice is for the address in the policy and no other. */
async function post(url: string, body: string, headers: Record<string, string>): Promise<number> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: timeout });
    await response.body?.cancel();
    return response.status;
  } catch {
    throw new SendFailure(timeout.aborted ? 'webhook/timeout' : 'webhook/unreachable');
  }
}
