import { setTimeout } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { createChannelActivities } from '../../src/activities/channel-activities.js';
import { createJournalActivities } from '../../src/activities/journal-activities.js';
import { createNoticeActivities } from '../../src/activities/notice-activities.js';
import type { Envelope, SignalName } from '../../src/domain/command.js';
import type { CaseEvent, JournalEntry } from '../../src/domain/event.js';
import type { Notice } from '../../src/domain/notice.js';
import type { Step, StepKind, StepOutcome } from '../../src/domain/publication.js';
import type { ChannelName } from '../../src/domain/revision.js';
import type { CaseView } from '../../src/domain/view.js';
import { type AlertChannel, ChannelFailure, type LivePost, type PlacedObject } from '../../src/ports/alert-channel.js';
import { JournalConflict } from '../../src/ports/case-journal.js';
import type { missingChildCase } from '../../src/workflows/missing-child-case.js';
import { TASK_QUEUES } from '../../src/workflows/task-queues.js';
import { aReport } from '../given/a-case.js';
import { ChannelWorld, type Manner } from '../given/channel-world.js';
import { startTimeSkippingServer } from './time-skipping-server.js';

/** How a channel takes a step: by channel, kind of step, and how many of that kind came before on that channel. */
export type Manners = (channel: ChannelName, kind: StepKind, before: number) => Manner;

/** A notice that went out, with the moment on the workflow's clock. */
export interface SentNotice {
  readonly at: number;
  readonly notice: Notice;
}

/**
 * The case workflow on the time-skipping server, with its real activities over ports that the test watches: channels that behave as
 * told, a journal in memory that keeps the journal's promises, and a notifier that writes down who was told when.
 */
// The SDK says in many lines what it does: only what goes wrong matters here.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
});

export class CaseUnderTest {
  readonly worlds = { facebook: new ChannelWorld('facebook'), instagram: new ChannelWorld('instagram') };
  readonly journal: JournalEntry[] = [];
  readonly notices: SentNotice[] = [];
  view: CaseView | undefined;
  manners: Manners = () => 'well';
  /** The newest stored command, as PostgreSQL would say; a function, so that it can fail. */
  newestStoredCommand = (): Promise<number> => Promise.resolve(this.view ? 1 : 0);
  handle: WorkflowHandleWithFirstExecutionRunId<typeof missingChildCase> | undefined;

  readonly #taken: { channel: ChannelName; kind: StepKind }[] = [];

  constructor(readonly environment: TestWorkflowEnvironment) {}

  /**
   * Runs a test on a server of its own, with a worker for each of the case's three task queues. (The test server may hand a task to a
   * poll of a worker that is gone, and with its clock standing still such a task never times out: so tests share no server.)
   */
  static async run(
    bundle: { codePath: string },
    test: (theCase: CaseUnderTest) => Promise<void>,
    options: { maxCachedWorkflows?: number } = {},
  ): Promise<CaseUnderTest> {
    const environment = await startTimeSkippingServer();
    const theCase = new CaseUnderTest(environment);
    const { expireAlert, ...publishing } = createChannelActivities({
      channels: { facebook: theCase.#channel('facebook'), instagram: theCase.#channel('instagram') },
      content: {
        load: ({ caseNumber, revision, digest }) =>
          Promise.resolve({
            caseNumber,
            revision,
            digest,
            runKind: 'exercise',
            text: '',
            altText: '',
            imageUrl: 'http://localhost/',
            askedRadiusKm: 160,
            countries: ['QA'],
          }),
      },
    });
    const journal = createJournalActivities({
      journal: {
        append: (batch) => {
          const next = batch.entries.filter(({ seq }) => seq > theCase.journal.length);
          if (next[0] && next[0].seq !== theCase.journal.length + 1) throw new JournalConflict('gap', next[0].seq);
          theCase.journal.push(...next);
          theCase.view = batch.view;
          return Promise.resolve();
        },
        newestStoredCommand: () => theCase.newestStoredCommand(),
      },
    });
    const notice = createNoticeActivities({
      notifier: {
        notify: async (sent) => {
          theCase.notices.push({ at: await environment.currentTimeMs(), notice: sent });
        },
      },
    });
    const common = { connection: environment.nativeConnection, namespace: environment.namespace ?? 'default' };
    const workers = await Promise.all([
      Worker.create({
        ...common,
        ...options,
        taskQueue: TASK_QUEUES.cases,
        workflowBundle: bundle,
        activities: publishing,
      }),
      Worker.create({ ...common, taskQueue: TASK_QUEUES.removals, activities: { expireAlert } }),
      Worker.create({ ...common, taskQueue: TASK_QUEUES.background, activities: { ...journal, ...notice } }),
    ]);
    const running = workers.map((worker) => worker.run());
    try {
      await test(theCase);
      if (theCase.handle) {
        // What ran must run again the same from its history alone: a worker that crashes goes on from there.
        await Worker.runReplayHistory({ workflowBundle: bundle }, await theCase.handle.fetchHistory());
      }
    } finally {
      workers.forEach((worker) => worker.shutdown());
      await Promise.all(running);
      await environment.teardown();
    }
    return theCase;
  }

  /** Starts the case with a report stored at this moment. */
  async report(): Promise<void> {
    const report = aReport({ at: await this.environment.currentTimeMs() });
    this.handle = await this.environment.client.workflow.start<typeof missingChildCase>('missingChildCase', {
      taskQueue: TASK_QUEUES.cases,
      workflowId: `case/${report.caseNumber}/${crypto.randomUUID()}`,
      args: [report],
    });
    await this.until(() => this.view !== undefined && this.notices.length === 1);
    await this.#allActivitiesDone();
  }

  async signal(name: SignalName, envelope: Envelope): Promise<void> {
    await this.handle?.signal<[Envelope]>(name, envelope);
  }

  /** Lets the workflow's clock run on. */
  async pass(ms: number): Promise<void> {
    await this.environment.sleep(ms);
  }

  /** Waits in real time until something is so; the workflow's clock stands still meanwhile. */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!isSo()) {
      if (Date.now() > deadline)
        throw new Error(`did not come about; the journal says ${JSON.stringify(this.events())}`);
      await setTimeout(10);
    }
  }

  async untilStatus(status: CaseView['status']): Promise<void> {
    await this.until(() => this.view?.status === status);
  }

  /** The types of what was journalled, in order, or the events of one type. */
  events(): CaseEvent['type'][];
  events<T extends CaseEvent['type']>(type: T): Extract<CaseEvent, { type: T }>[];
  events(type?: CaseEvent['type']): unknown[] {
    const events = this.journal.map(({ event }) => event);
    return type ? events.filter((event) => event.type === type) : events.map((event) => event.type);
  }

  /**
   * The test server fails a workflow task that calls off an activity which has just completed; the real server takes it. So no test
   * sends a command while the first notice is on its way.
   */
  async #allActivitiesDone(): Promise<void> {
    const pending = async (): Promise<number> => (await this.handle?.describe())?.raw.pendingActivities?.length ?? 0;
    while ((await pending()) > 0) await setTimeout(10);
  }

  #channel(name: ChannelName): AlertChannel {
    const take = async (kind: StepKind, placed?: PlacedObject): Promise<StepOutcome> => {
      const before = this.#taken.filter((taken) => taken.channel === name && taken.kind === kind).length;
      this.#taken.push({ channel: name, kind });
      const { id, revision, digest } = placed?.object ?? { id: null, revision: 1, digest: '' };
      const step: Step = { kind, revision, digest, objectId: id };
      const now = await this.environment.currentTimeMs();
      const outcome = this.worlds[name].take(step, placed?.object, this.manners(name, kind, before), now);
      if (outcome.result === 'throttled') throw new ChannelFailure('throttled', outcome.code, outcome.retryAfterMs);
      if (outcome.result === 'refused' || outcome.result === 'unknown')
        throw new ChannelFailure(outcome.result, outcome.code);
      if (outcome.result === 'notSent') throw new ChannelFailure('notSent', 'called_off');
      return outcome;
    };
    const post = (outcome: StepOutcome): LivePost => {
      if (outcome.result !== 'live') throw new Error(`no post: ${outcome.result}`);
      return { postId: outcome.postId, permalink: outcome.permalink };
    };
    return {
      name,
      async stage() {
        const outcome = await take('stage');
        if (outcome.result !== 'staged') throw new Error(outcome.result);
        return { object: outcome.object, reach: outcome.reach };
      },
      async publish(placed) {
        const outcome = await take('publish', placed);
        return outcome.result === 'absent' ? 'absent' : post(outcome);
      },
      async look(placed) {
        const outcome = await take('look', placed);
        return outcome.result === 'absent' || outcome.result === 'notLive' ? outcome.result : post(outcome);
      },
      async expire(placed) {
        const { result } = await take('expire', placed);
        if (result === 'removed' || result === 'absent' || result === 'notSeen') return result;
        throw new Error(result);
      },
    };
  }
}
