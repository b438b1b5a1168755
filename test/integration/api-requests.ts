import type { Placed } from './api-documented.js';
import { aReport, type ApiUnderTest, newKey, type Person, tokenOf } from './api-stage.js';

/** An answer, as far as it is JSON; of a stream only that it has begun. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The address of an operation, of a case. */
export function addressIn({ path }: Placed, of: { readonly caseNumber: string; readonly commandId: string }): string {
  return path
    .replace('{caseNumber}', of.caseNumber)
    .replace('{commandId}', of.commandId)
    .replace('{revision}', '1')
    .replace('{channel}', 'facebook')
    .replace('{card}', 'feed');
}

/** Sends a request that has all that the document asks for: its own example, or a report and a photo. */
export async function sendAsDocumented(
  api: ApiUnderTest,
  person: Person,
  { method, requestBody }: Placed,
  address: string,
  photo: Buffer,
  report: unknown = aReport(),
): Promise<Answered> {
  const headers: Record<string, string> = { authorization: `Bearer ${tokenOf(person)}` };
  let body: string | FormData | null = null;
  if (requestBody?.content['multipart/form-data']) {
    body = new FormData();
    body.set('report', JSON.stringify(report));
    body.set('photo', new Blob([new Uint8Array(photo)]), 'photo.jpg');
  } else if (requestBody) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(requestBody.content['application/json']?.example ?? {});
  }
  if (method === 'post') headers['idempotency-key'] = newKey();
  const leaving = new AbortController();
  const response = await fetch(api.url + address, { method, headers, body, signal: leaving.signal });
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) return { status: response.status, body: (await response.json()) as Answered['body'] };
  leaving.abort();
  return { status: response.status, body: {} };
}
