import { setTimeout } from 'node:timers/promises';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { createChannelActivities } from '../../src/activities/channel-activities.js';
import { createJournalActivities } from '../../src/activities/journal-activities.js';
import { createNoticeActivities } from '../../src/activities/notice-activities.js';
import { createRecordActivities } from '../../src/activities/record-activities.js';
import { isClosed } from '../../src/domain/case.js';
import type { Envelope, SignalName } from '../../src/domain/command.js';
import type { CaseEvent, JournalEntry } from '../../src/domain/event.js';
import type { Notice } from '../../src/domain/notice.js';
import type { ReportCommand } from '../../src/domain/report-command.js';
import { SECOND } from '../../src/domain/time.js';
import type { CaseView } from '../../src/domain/view.js';
import { type CaseJournal, JournalConflict } from '../../src/ports/case-journal.js';
import type { HistoryLimit } from '../../src/workflows/continuation.js';
import type { missingChildCase } from '../../src/workflows/missing-child-case.js';
import { TASK_QUEUES } from '../../src/workflows/task-queues.js';
import { aReport } from '../given/a-case.js';
import { ChannelWorld } from '../given/channel-world.js';
import { DeskWorld } from '../given/desk-world.js';
import { startMendingProxy } from './mending-proxy.js';
import { installQuietRuntime } from './quiet-runtime.js';
import { startTimeSkippingServer } from './time-skipping-server.js';
import { type HoldUp, type Manners, watchedChannel } from './watched-channel.js';

/** A notice that went out, with the moment on the workflow's clock. */
export interface SentNotice {
  readonly at: number;
  readonly notice: Notice;
}

/** A payload as it travels. */
export interface RawPayload {
  readonly metadata?: Record<string, Buffer>;
  readonly data?: Buffer;
}

installQuietRuntime();

/**
 * The case workflow on the time-skipping server, with its real activities over ports that the test watches: channels that behave as
 * told, a journal in memory that keeps the journal's promises, and a notifier that writes down who was told when.
 */
export class CaseUnderTest {
  readonly worlds = { facebook: new ChannelWorld('facebook'), instagram: new ChannelWorld('instagram') };
  readonly desk = new DeskWorld();
  readonly journal: JournalEntry[] = [];
  readonly notices: SentNotice[] = [];
  view: CaseView | undefined;
  /** The history of every run of its workflow, the first run's first; known once the test is over. */
  histories: History[] = [];
  manners: Manners = () => 'well';
  holdUp: HoldUp = () => Promise.resolve();
  /** Takes a notice to its people; a function, so that it can fail. */
  reach: (notice: Notice) => Promise<void> = () => Promise.resolve();
  /** Whether PostgreSQL takes what is journalled; a function, so that it can fail. */
  write: () => Promise<void> = () => Promise.resolve();
  /** Notices that it was tried to send, whether or not they went out. */
  triedNotices = 0;
  /** The newest stored command, as PostgreSQL would say; a function, so that it can fail. */
  newestStoredCommand = (): Promise<number> => Promise.resolve(this.view ? 1 : 0);
  handle: WorkflowHandleWithFirstExecutionRunId<typeof missingChildCase> | undefined;

  constructor(
    readonly environment: TestWorkflowEnvironment,
    private readonly historyLimit?: HistoryLimit,
  ) {}

  /**
   * Runs a test on a server of its own, with a worker for each of the case's three task queues. (The test server may hand a task to a
   * poll of a worker that is gone, and with its clock standing still such a task never times out: so tests share no server.)
   */
  static async run(
    bundle: { codePath: string },
    test: (theCase: CaseUnderTest) => Promise<void>,
    {
      historyLimit,
      free,
      ...options
    }: {
      maxCachedWorkflows?: number;
      historyLimit?: HistoryLimit;
      /** From when on anybody is free to act on the queue of the cases; until then they are only decided. */
      free?: Promise<void>;
    } = {},
  ): Promise<CaseUnderTest> {
    const environment = await startTimeSkippingServer();
    const theCase = new CaseUnderTest(environment, historyLimit);
    const { expireAlert, ...publishing } = createChannelActivities({
      channels: {
        facebook: theCase.#channel('facebook'),
        instagram: theCase.#channel('instagram'),
        'meta-partner': theCase.desk.channel,
      },
      audience: 'simulator',
      content: {
        // As in `ChannelWorld`: every third revision has another photo.
        hasSameImage: ({ revisions }) => Promise.resolve(revisions[1] % 3 !== 0),
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
    const journal: CaseJournal = {
      append: async (batch) => {
        await theCase.write();
        const next = batch.entries.filter(({ seq }) => seq > theCase.journal.length);
        if (next[0] && next[0].seq !== theCase.journal.length + 1) throw new JournalConflict('gap', next[0].seq);
        theCase.journal.push(...next);
        theCase.view = batch.view;
      },
      newestStoredCommand: () => theCase.newestStoredCommand(),
    };
    const notifier = {
      notify: async (sent: Notice): Promise<void> => {
        theCase.triedNotices += 1;
        await theCase.reach(sent);
        theCase.notices.push({ at: await environment.currentTimeMs(), notice: sent });
      },
    };
    const proxy = await startMendingProxy(environment);
    const connection = await NativeConnection.connect({ address: proxy.address });
    const common = { connection, namespace: environment.namespace ?? 'default' };
    const onCases = { ...publishing, ...createRecordActivities({ journal, notifier }) };
    const workers = [
      await Worker.create({
        ...common,
        ...options,
        taskQueue: TASK_QUEUES.cases,
        workflowBundle: bundle,
        ...(free ? {} : { activities: onCases }),
      }),
      await Worker.create({ ...common, taskQueue: TASK_QUEUES.removals, activities: { expireAlert } }),
      await Worker.create({
        ...common,
        taskQueue: TASK_QUEUES.background,
        activities: { ...createJournalActivities({ journal }), ...createNoticeActivities({ notifier }) },
      }),
    ];
    const running = workers.map((worker) => worker.run());
    const freed = free?.then(async () => {
      const worker = await Worker.create({ ...common, taskQueue: TASK_QUEUES.cases, activities: onCases });
      workers.push(worker);
      running.push(worker.run());
    });
    try {
      await test(theCase);
      await freed;
      if (theCase.handle) {
        // What ran must run again the same from its history alone: a worker that crashes goes on from there.
        theCase.histories = await theCase.#fetchHistories();
        for (const history of theCase.histories) {
          await Worker.runReplayHistory({ workflowBundle: bundle }, history);
        }
      }
    } finally {
      workers.forEach((worker) => worker.shutdown());
      await Promise.all(running);
      await connection.close();
      proxy.stop();
      await environment.teardown();
    }
    return theCase;
  }

  async #fetchHistories(): Promise<History[]> {
    const { workflowId = '', firstExecutionRunId } = this.handle ?? {};
    const histories: History[] = [];
    for (let runId = firstExecutionRunId; runId;) {
      const history = await this.environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
      histories.push(history);
      runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    }
    return histories;
  }

  /** Starts the case with a report stored at this moment, and waits until it is written and somebody told. */
  async report(changes: Partial<ReportCommand> = {}): Promise<void> {
    await this.start(changes);
    await this.until(() => this.view !== undefined && this.triedNotices > 0);
  }

  /** Starts the case with a report stored at this moment. */
  async start(changes: Partial<ReportCommand> = {}): Promise<void> {
    const report = aReport({ at: await this.environment.currentTimeMs(), ...changes });
    this.handle = await this.environment.client.workflow.start<typeof missingChildCase>('missingChildCase', {
      taskQueue: TASK_QUEUES.cases,
      workflowId: `case/${report.caseNumber}/${crypto.randomUUID()}`,
      args: this.historyLimit ? [report, this.historyLimit] : [report],
    });
  }

  /** Sends a command when nothing is under way that it might call off: then no workflow task has to be done twice. */
  async signal(name: SignalName, envelope: Envelope): Promise<void> {
    while ((await this.#isInATask()) || (await this.#isTryingANotice())) await setTimeout(10);
    await this.signalAtOnce(name, envelope);
  }

  /** Sends a command whatever is under way. */
  async signalAtOnce(name: SignalName, envelope: Envelope): Promise<void> {
    await this.handle?.signal<[Envelope]>(name, envelope);
  }

  /** Sends a signal by any name with anything in it. */
  async signalAnything(signalName: string, payloads: RawPayload[] | undefined): Promise<void> {
    await this.environment.connection.workflowService.signalWorkflowExecution({
      namespace: this.environment.namespace ?? 'default',
      workflowExecution: { workflowId: this.handle?.workflowId ?? '' },
      signalName,
      ...(payloads === undefined ? {} : { input: { payloads } }),
    });
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

  /**
   * Waits until something is so, while the workflow's clock runs on: the test server lets an activity that waits for its next attempt
   * be called off only when that comes, where the real one does so at once.
   */
  async untilInTime(isSo: () => boolean): Promise<void> {
    for (let tries = 0; !isSo(); tries += 1) {
      if (tries > 3_000) throw new Error(`did not come about; the journal says ${JSON.stringify(this.events())}`);
      await this.pass(SECOND);
    }
  }

  async untilStatus(status: CaseView['status']): Promise<void> {
    await this.until(() => this.view?.status === status);
  }

  /** Whether the case has closed, as far as its journal says. */
  get isOver(): boolean {
    return this.view !== undefined && isClosed(this.view.status);
  }

  isAnswered(commandId: string): boolean {
    return this.journal.some(({ event }) => 'commandId' in event && event.commandId === commandId);
  }

  /** Lets every flip that is under way take effect. */
  async lateEffects(): Promise<void> {
    const now = await this.environment.currentTimeMs();
    for (const world of Object.values(this.worlds)) world.lateEffects(now);
  }

  /** The types of what was journalled, in order, or the events of one type. */
  events(): CaseEvent['type'][];
  events<T extends CaseEvent['type']>(type: T): Extract<CaseEvent, { type: T }>[];
  events(type?: CaseEvent['type']): unknown[] {
    const events = this.journal.map(({ event }) => event);
    return type ? events.filter((event) => event.type === type) : events.map((event) => event.type);
  }

  /** Waits until no workflow task is under way: it may call off what is just about to end. */
  async taskOver(): Promise<void> {
    while (await this.#isInATask()) await setTimeout(10);
  }

  async #isInATask(): Promise<boolean> {
    const { events } = (await this.handle?.fetchHistory()) ?? {};
    const newest = events?.findLast(
      (event) => event.workflowTaskScheduledEventAttributes ?? event.workflowTaskCompletedEventAttributes,
    );
    return Boolean(newest?.workflowTaskScheduledEventAttributes);
  }

  async #isTryingANotice(): Promise<boolean> {
    const activities = (await this.handle?.describe())?.raw.pendingActivities ?? [];
    return activities.some(
      ({ activityType, lastFailure }) => ['notify', 'record'].includes(activityType?.name ?? '') && !lastFailure,
    );
  }

  #channel(name: keyof CaseUnderTest['worlds']): ReturnType<typeof watchedChannel> {
    return watchedChannel(this.worlds[name], {
      manners: (...step) => this.manners(...step),
      holdUp: (...step) => this.holdUp(...step),
      now: () => this.environment.currentTimeMs(),
    });
  }
}
