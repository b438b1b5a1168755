import { readFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import pino from 'pino';
import { renderOpening } from '../src/api/open-case.js';
import { reportSchema } from '../src/api/report-schema.js';
import { EXAMPLE_PHOTO, exampleReport } from '../src/cli/report-file.js';
import type { CaseNumber } from '../src/domain/case-number.js';
import type { TierPolicy } from '../src/domain/policy.js';
import type { Stack } from '../src/embedded/stack.js';
import { intakePhoto } from '../src/media/photo.js';
import { loadPolicyFile, type PolicyFile } from '../src/policy/policy-file.js';
import type { NewReport } from '../src/store/case-intake.js';
import { createCaseStore } from '../src/store/case-store.js';
import { createDeliveryQueue } from '../src/store/delivery-queue.js';
import { createPool } from '../src/store/pool.js';
import { createDelivery } from '../src/temporal/delivery.js';

/** A case that was opened, with what approves it. */
export interface OpenedCase {
  readonly caseNumber: CaseNumber;
  readonly digest: string;
  readonly criteria: readonly string[];
}

/**
 * Reports that are taken in and rendered before anything is measured, as what the bare cases post is there before. Storing one and
 * delivering it is the part of the staff API's work that a case cannot do without.
 */
export class PreparedReports {
  readonly #pool;
  readonly #store;
  readonly #delivery;
  readonly #policyFile: PolicyFile;
  readonly #publicUrl;
  readonly #prepared: NewReport[] = [];

  /** @param tierPolicy what the cases' policy says otherwise than the stack's */
  constructor(
    { databaseUrl, policyFile, publicUrl }: Pick<Stack, 'databaseUrl' | 'policyFile' | 'publicUrl'>,
    client: Client,
    tierPolicy: Partial<Pick<TierPolicy, 'preStaging'>> = {},
  ) {
    this.#pool = createPool(databaseUrl);
    this.#store = createCaseStore(this.#pool, 'all');
    const logger = pino({ level: 'silent' });
    this.#delivery = createDelivery({ queue: createDeliveryQueue(this.#pool), client, logger });
    const loaded = loadPolicyFile(policyFile);
    const { amber, missing } = loaded.policy.tiers;
    const tiers = { amber: { ...amber, ...tierPolicy }, missing: { ...missing, ...tierPolicy } };
    this.#policyFile = { ...loaded, policy: { ...loaded.policy, tiers } };
    this.#publicUrl = publicUrl;
  }

  async prepare(count: number): Promise<void> {
    while (this.#prepared.length < count) this.#prepared.push(await this.#render());
  }

  async open(): Promise<OpenedCase> {
    const report = this.#prepared.pop() ?? (await this.#render());
    await this.#store.storeReport(report);
    if ((await this.#delivery.deliver(report.caseNumber)) !== 'delivered')
      throw new Error('a report was not delivered');
    const { caseNumber, revision, policy } = report;
    return { caseNumber, digest: revision.digest, criteria: policy.criteria };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #render(): Promise<NewReport> {
    const { policy, jurisdictions } = this.#policyFile;
    // An exercise asks for the quota first, which the bare workflow does not.
    const report = reportSchema({ policy, jurisdictions, now: Date.now }).parse({
      ...(exampleReport() as object),
      runKind: 'actual',
    });
    const photo = await intakePhoto(readFileSync(EXAMPLE_PHOTO));
    const caller = { id: 'operator-1', role: 'operator' } as const;
    return renderOpening(
      { policyFile: this.#policyFile, publicUrl: this.#publicUrl },
      { report, photo, idempotency: undefined, caller },
    );
  }
}
