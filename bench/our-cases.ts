import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { EXAMPLE_PHOTO, exampleReport } from '../src/cli/report-file.js';
import { StaffClient } from '../src/cli/staff-client.js';
import type { Envelope } from '../src/domain/command.js';
import type { Instant } from '../src/domain/time.js';
import type { Stack } from '../src/embedded/stack.js';
import { caseWorkflowId } from '../src/temporal/case-workflow-id.js';
import type { PreparedReports } from './prepared-reports.js';
import type { BenchCase, Side } from './side.js';

const OPERATOR = 'operator-1';
const SUPERVISOR = 'supervisor-1';

const LOOK_EVERY_MS = 250;
const STAGED_WITHIN_MS = 30_000;

/** Our whole cases: from a prepared report on, ended through the staff API as people do. */
export class OurCases implements Side {
  readonly #operator: StaffClient;
  readonly #supervisor: StaffClient;
  readonly #photo = new Uint8Array(readFileSync(EXAMPLE_PHOTO));
  /** How long the staff API took to answer each approval, in milliseconds. */
  readonly approvalReplies: number[] = [];

  /** @param approveBy a signal of its own as from the Temporal CLI, or the staff API's request, which stores it first */
  constructor(
    stack: Pick<Stack, 'staffUrl' | 'secrets'>,
    private readonly client: Client,
    private readonly reports: PreparedReports,
    private readonly approveBy: 'signal' | 'api',
  ) {
    const as = (person: string): StaffClient =>
      new StaffClient(person, stack.staffUrl, stack.secrets.tokens[person] ?? '');
    this.#operator = as(OPERATOR);
    this.#supervisor = as(SUPERVISOR);
  }

  /** Reports through the staff API, photo and all; returns how long its answer took, in milliseconds. */
  async report(): Promise<number> {
    const began = performance.now();
    await this.#operator.report(exampleReport(), this.#photo);
    return performance.now() - began;
  }

  async prepare(count: number): Promise<void> {
    await this.reports.prepare(count);
  }

  /** Resolves once both channels have an object staged and not live, as the staff API shows it. */
  async staged({ caseNumber }: Pick<BenchCase, 'caseNumber'>): Promise<void> {
    const patience = AbortSignal.timeout(STAGED_WITHIN_MS);
    for (;;) {
      const { publications } = await this.#supervisor.readCase(caseNumber);
      if (publications.every(({ there }) => there.some(({ state }) => state === 'staged'))) return;
      if (patience.aborted) throw new Error(`${caseNumber} is not staged after ${STAGED_WITHIN_MS / 1000} s`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  async open(): Promise<BenchCase> {
    const { caseNumber, digest, criteria } = await this.reports.open();
    const workflowId = caseWorkflowId(caseNumber);
    const handle = this.client.workflow.getHandle(workflowId);

    const approveByApi = async (): Promise<Instant> => {
      const sentAt = Date.now();
      const began = performance.now();
      await this.#supervisor.approve(caseNumber, { digest, criteria });
      this.approvalReplies.push(performance.now() - began);
      return sentAt;
    };
    const approveBySignal = async (): Promise<Instant> => {
      const envelope: Envelope = { actor: SUPERVISOR, role: 'supervisor', digest, criteria: { met: criteria } };
      const sentAt = Date.now();
      await handle.signal<[Envelope]>('approve', envelope);
      return sentAt;
    };
    return {
      workflowId,
      caseNumber,
      approve: this.approveBy === 'api' ? approveByApi : approveBySignal,
      end: async () => {
        await this.#operator.childFound(caseNumber, 'recovered_through_alert');
        await handle.result();
      },
    };
  }
}
