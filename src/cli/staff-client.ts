import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** How often, and after how many milliseconds each, a request is sent again that could not be stored. */
const TIMES_AGAIN = 20;
const AGAIN_AFTER_MS = 500;

const storedSchema = z.object({
  caseNumber: z.string(),
  revision: z.object({ number: z.number(), digest: z.string() }),
});

const revisionSchema = z.object({ digest: z.string() });

const caseSchema = z.object({
  caseNumber: z.string(),
  status: z.string(),
  preview: z.object({ digest: z.string(), revision: z.number() }),
  criteria: z.array(z.object({ id: z.string() })),
  timeline: z.array(
    z.object({ seq: z.number(), at: z.string(), type: z.string(), fields: z.record(z.string(), z.unknown()) }),
  ),
  publications: z.array(
    z.object({
      channel: z.string(),
      wanted: z.number().nullable(),
      there: z.array(
        z.object({ objectId: z.string(), postId: z.string().nullable(), revision: z.number(), state: z.string() }),
      ),
      inFlight: z.string().nullable(),
      reach: z.object({ deliveredRadiusKm: z.number().optional() }).nullable(),
      hold: z.object({ cause: z.string(), code: z.string(), until: z.string() }).nullable(),
    }),
  ),
  temporalUi: z.string(),
});

const problemSchema = z.object({ title: z.string(), code: z.string(), detail: z.string().optional() });

/** A case as this client needs it. */
export type CaseAnswer = z.infer<typeof caseSchema>;

/** One person's access to the staff API. */
export class StaffClient {
  constructor(
    readonly person: string,
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Reports a missing child, once, however often the request has to be sent. */
  async report(report: unknown, photo: Uint8Array<ArrayBuffer>): Promise<z.infer<typeof storedSchema>> {
    return storedSchema.parse(await this.#call('POST', '/api/cases', formOf(report, photo), newKey()));
  }

  /** Sends the whole report again, as it is to be; without a photo it keeps the one it has. */
  async amend(caseNumber: string, report: unknown, photo?: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#call('POST', `/api/cases/${caseNumber}/amend`, formOf(report, photo), newKey());
  }

  /** The digest of a stored revision. */
  async digestOf(caseNumber: string, revision: number): Promise<string> {
    return revisionSchema.parse(await this.#call('GET', `/api/cases/${caseNumber}/revisions/${revision}`)).digest;
  }

  /** Approves what has this digest, every criterion, by its id, being met. */
  async approve(
    caseNumber: string,
    { digest, criteria }: { readonly digest: string; readonly criteria: readonly string[] },
  ): Promise<void> {
    const met = Object.fromEntries(criteria.map((id) => [id, { met: true }]));
    await this.command(caseNumber, 'approve', { digest, criteria: met });
  }

  async childFound(caseNumber: string, outcome: 'recovered_through_alert' | 'recovered_otherwise'): Promise<void> {
    await this.command(caseNumber, 'found', { outcome });
  }

  async readCase(caseNumber: string): Promise<CaseAnswer> {
    return caseSchema.parse(await this.#call('GET', `/api/cases/${caseNumber}`));
  }

  /** Gives a case a command by the last part of its address. It is stored when this returns, and perhaps not carried out yet. */
  async command(caseNumber: string, command: string, body: object): Promise<void> {
    await this.#call('POST', `/api/cases/${caseNumber}/${command}`, JSON.stringify(body), {
      'Content-Type': 'application/json',
      ...newKey(),
    });
  }

  /** @throws Error with what the API says when it refuses */
  async #call(
    method: string,
    path: string,
    body: string | FormData | null = null,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const request = { method, headers: { Authorization: `Bearer ${this.token}`, ...headers }, body };
    let response = await fetch(`${this.url}${path}`, request);
    // Its database did not answer in time. With the same key it takes effect once.
    for (let again = 0; response.status === 503 && again < TIMES_AGAIN; again += 1) {
      await sleep(AGAIN_AFTER_MS);
      response = await fetch(`${this.url}${path}`, request);
    }
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const problem = problemSchema.safeParse(answer);
    throw new Error(
      problem.success
        ? `${method} ${path}: ${problem.data.title} (${problem.data.code}). ${JSON.stringify(answer, null, 2)}`
        : `${method} ${path}: HTTP ${response.status}`,
    );
  }
}

function formOf(report: unknown, photo?: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.set('report', JSON.stringify(report));
  if (photo) form.set('photo', new Blob([photo]), 'photo');
  return form;
}

function newKey(): Record<string, string> {
  return { 'Idempotency-Key': randomUUID() };
}
