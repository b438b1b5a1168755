import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { StaffClient } from '../src/cli/staff-client.js';
import type { Envelope } from '../src/domain/command.js';
import type { Instant } from '../src/domain/time.js';
import { repositoryRoot } from '../src/embedded/data-folder.js';
import type { Stack } from '../src/embedded/stack.js';
import { caseWorkflowId } from '../src/temporal/case-workflow-id.js';
import type { BenchCase, Side } from './side.js';

const EXAMPLES = join(repositoryRoot, 'examples');
const OPERATOR = 'operator-1';
const SUPERVISOR = 'supervisor-1';
/** How long before its report the child of the example was last seen, in milliseconds. */
const SEEN_AGO_MS = 40 * 60_000;

/** Our whole cases: reported with their photo and ended through the staff API, as people do. */
export class OurCases implements Side {
  readonly #operator: StaffClient;
  readonly #supervisor: StaffClient;
  readonly #photo = new Uint8Array(readFileSync(join(EXAMPLES, 'photo.jpg')));
  /** How long the staff API took to answer each approval, in milliseconds. */
  readonly approvalReplies: number[] = [];

  /** @param approveBy a signal of its own as from the Temporal CLI, or the staff API's request, which stores it first */
  constructor(
    stack: Pick<Stack, 'staffUrl' | 'secrets'>,
    private readonly client: Client,
    private readonly approveBy: 'signal' | 'api',
  ) {
    const as = (person: string): StaffClient =>
      new StaffClient(person, stack.staffUrl, stack.secrets.tokens[person] ?? '');
    this.#operator = as(OPERATOR);
    this.#supervisor = as(SUPERVISOR);
  }

  async open(): Promise<BenchCase> {
    const { caseNumber } = await this.#operator.report(exampleReport(), this.#photo);
    const shown = await this.#supervisor.readCase(caseNumber);
    const workflowId = caseWorkflowId(caseNumber);
    const handle = this.client.workflow.getHandle(workflowId);
    const envelope: Envelope = {
      actor: SUPERVISOR,
      role: 'supervisor',
      digest: shown.preview.digest,
      criteria: { met: shown.criteria.map(({ id }) => id) },
    };

    const approveByApi = async (): Promise<Instant> => {
      const sentAt = Date.now();
      const began = performance.now();
      await this.#supervisor.approve(caseNumber, shown);
      this.approvalReplies.push(performance.now() - began);
      return sentAt;
    };
    const approveBySignal = async (): Promise<Instant> => {
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

function exampleReport(): unknown {
  const report = JSON.parse(readFileSync(join(EXAMPLES, 'report.json'), 'utf8')) as { lastSeen: object };
  return { ...report, lastSeen: { ...report.lastSeen, at: new Date(Date.now() - SEEN_AGO_MS).toISOString() } };
}
