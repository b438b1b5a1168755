import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common';
import type { Logger } from 'pino';
import { isClosed } from '../domain/case.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { Envelope, OpeningKind } from '../domain/command.js';
import { opening } from '../domain/opening.js';
import type { ReportCommand } from '../domain/report-command.js';
import { formatZonedTime } from '../domain/time.js';
import type { DeliveryQueue } from '../store/delivery-queue.js';
import type { PendingCommand } from '../store/stored-command.js';
import type { missingChildCase } from '../workflows/missing-child-case.js';
import { searchAttributesOf } from '../workflows/search-attributes.js';
import { TASK_QUEUES } from '../workflows/task-queues.js';
import { caseWorkflowId } from './case-workflow-id.js';
import { CALL_TIMEOUT_MS } from './client.js';

/** Takes stored commands to their cases. */
export interface Delivery {
  /**
   * Delivers what is stored for a case, in the order in which it was stored. Never throws: what cannot be delivered now stays
   * stored, and a sweep delivers it.
   * @returns `missing` when the case is open and Temporal knows no such workflow: nothing will answer before somebody has mended that
   */
  deliver(caseNumber: CaseNumber): Promise<'delivered' | 'stored' | 'missing'>;
}

/** The read model says that a case is open, and Temporal knows no such workflow. Nothing may be answered for it. */
class CaseWorkflowMissing extends Error {
  override readonly name = 'CaseWorkflowMissing';

  constructor() {
    super('Temporal has no workflow for a case that is open: has its database been lost or replaced?');
  }
}

/** Makes the deliverer. Any number of them may run: the queue's lock lets one at a time deliver for a case. */
export function createDelivery(deps: {
  readonly queue: DeliveryQueue;
  readonly client: Client;
  readonly logger: Logger;
}): Delivery {
  const { queue, client, logger } = deps;

  async function send(command: PendingCommand): Promise<'sent' | 'closed'> {
    return client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      isOpening(command) ? start(client, reportOf(command)) : signal(client, command),
    );
  }

  return {
    async deliver(caseNumber) {
      try {
        await queue.withCaseLock(caseNumber, async (session) => {
          for (const command of await session.pending()) {
            // A failure ends the round here: what comes after must not overtake it.
            if ((await send(command)) === 'sent') {
              await session.markDelivered(command.commandId);
            } else {
              const status = await session.caseStatus();
              if (status === 'accepted' || !isClosed(status)) {
                await session.needsAttention();
                throw new CaseWorkflowMissing();
              }
              await session.refuse(command.commandId, 'case_ended');
            }
          }
        });
        return 'delivered';
      } catch (error) {
        const missing = error instanceof CaseWorkflowMissing;
        logger[missing ? 'error' : 'warn']({ caseNumber, reason: reasonOf(error) }, 'not delivered; it stays stored');
        return missing ? 'missing' : 'stored';
      }
    },
  };
}

async function start(client: Client, report: ReportCommand): Promise<'sent'> {
  const { caseNumber, tier, runKind, jurisdiction } = report;
  const opened = opening(report, Date.now());
  const options: WorkflowStartOptions<typeof missingChildCase> = {
    workflowId: caseWorkflowId(caseNumber),
    taskQueue: TASK_QUEUES.cases,
    args: [report],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `${tier} · ${runKind} · ${jurisdiction}`,
    // As the case will begin: so that it is listed even while no worker runs, and need not say so again.
    typedSearchAttributes: opened ? searchAttributesOf(opened.state).filter(isGiven) : [],
    priority: { priorityKey: 1 },
  };
  try {
    await client.workflow.start<typeof missingChildCase>('missingChildCase', options);
  } catch (error) {
    // It ran before, and has closed: the report was delivered long ago.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return 'sent';
}

function isGiven(attribute: SearchAttributeUpdatePair): attribute is SearchAttributePair {
  return attribute.value !== null;
}

function isOpening(command: PendingCommand): command is OpeningCommand {
  return command.kind === 'report' || command.kind === 'reissue';
}

type OpeningCommand = Extract<PendingCommand, { kind: OpeningKind }>;
type Signal = Exclude<PendingCommand, OpeningCommand>;

async function signal(client: Client, command: Signal): Promise<'sent' | 'closed'> {
  try {
    const handle = client.workflow.getHandle(caseWorkflowId(command.caseNumber));
    await handle.signal<[Envelope]>(command.kind, envelopeOf(command));
    return 'sent';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'closed';
    throw error;
  }
}

function reportOf(command: OpeningCommand): ReportCommand {
  const { kind, commandId, caseNumber, number, actor, role, storedAt: at, payload } = command;
  return { kind, commandId, caseNumber, number, actor, role, at, ...payload };
}

function envelopeOf(command: Signal): Envelope {
  const { commandId, number, actor, role, storedAt, noteDigest, payload } = command;
  return {
    commandId,
    number,
    actor,
    role,
    at: formatZonedTime({ instant: storedAt, offsetMinutes: 0 }),
    ...(noteDigest === null ? {} : { noteDigest }),
    ...payload,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
