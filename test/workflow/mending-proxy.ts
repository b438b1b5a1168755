import { setTimeout } from 'node:timers/promises';
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';

const { PollWorkflowTaskQueueResponse, RespondWorkflowTaskCompletedRequest, WorkflowService } =
  proto.temporal.api.workflowservice.v1;
const { WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND } = proto.temporal.api.enums.v1.WorkflowTaskFailedCause;

type Completion = proto.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
type Execution = proto.temporal.api.common.v1.IWorkflowExecution;
type Call = ServerUnaryCall<Buffer, Buffer>;

/** The ends of an activity that workers report. */
const ENDS = ['RespondActivityTaskCompleted', 'RespondActivityTaskFailed', 'RespondActivityTaskCanceled'];

/** A timer that is due sooner may fire before the server has taken what calls it off. */
const SOON_MS = 500;

/** What a task calls off. */
interface CalledOff {
  readonly timers: ReadonlySet<string>;
  /** By the events that scheduled them. */
  readonly activities: ReadonlySet<string>;
}

/** Stands between the workers and the test server. */
export interface MendingProxy {
  /** Where workers connect to. */
  readonly address: string;
  stop(): void;
}

/**
 * Mends a fault of the test server. A timer may fire, or an activity end, while the workflow task is worked on that calls it off. The real
 * server takes that; the test server throws in the middle of the task's commands, keeps the half it had done, and never gives out
 * another task: the workflow is stuck, and the clock no longer skips. The proxy sees such a task coming, and has the server fail it as
 * both servers fail a task that ends a workflow over news: the workflow does it again, with the news.
 */
export async function startMendingProxy(environment: TestWorkflowEnvironment): Promise<MendingProxy> {
  const upstream = new Client(environment.address, credentials.createInsecure());
  const { workflowService } = environment.connection;
  const namespace = environment.namespace ?? 'default';
  const executions = new Map<string, Execution>();

  // While it is asked what has ended, nothing ends.
  let before: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = before.then(act);
    before = turn.catch(() => undefined);
    return turn;
  };

  const forward = (method: string, call: Call): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const options = { deadline: call.getDeadline() };
      const answered = (error: ServiceError | null, answer?: Buffer): void =>
        error ? reject(error) : resolve(answer ?? Buffer.alloc(0));
      const sent = upstream.makeUnaryRequest(
        pathOf(method),
        unchanged,
        unchanged,
        call.request,
        call.metadata,
        options,
        answered,
      );
      call.once('cancelled', () => sent.cancel());
    });

  const isOvertaken = async (execution: Execution, calledOff: CalledOff): Promise<boolean> => {
    const [{ history }, { pendingActivities }] = await Promise.all([
      workflowService.getWorkflowExecutionHistory({ namespace, execution }),
      workflowService.describeWorkflowExecution({ namespace, execution }),
    ]);
    const pending = new Set(pendingActivities.map(({ activityId }) => activityId));
    const soon = (await environment.currentTimeMs()) + SOON_MS;
    return (history?.events ?? []).some((event) => {
      const { timerStartedEventAttributes: timer, activityTaskScheduledEventAttributes: activity } = event;
      if (timer && calledOff.timers.has(timer.timerId ?? ''))
        return tsToMs(event.eventTime) + tsToMs(timer.startToFireTimeout) < soon;
      return calledOff.activities.has(String(event.eventId)) && !pending.has(activity?.activityId);
    });
  };

  const complete = async (call: Call, completion: Completion): Promise<Buffer> => {
    const { taskToken, identity } = completion;
    const execution = executions.get(keyOf(taskToken));
    executions.delete(keyOf(taskToken));
    const calledOff = calledOffBy(completion);
    if (!execution || calledOff.timers.size + calledOff.activities.size === 0)
      return forward('RespondWorkflowTaskCompleted', call);
    const answer = await inTurn(async () =>
      (await isOvertaken(execution, calledOff)) ? 'overtaken' : forward('RespondWorkflowTaskCompleted', call),
    );
    if (answer !== 'overtaken') return answer;
    // What is due soon is over then, and overtakes the task but once: the clock keeps to real time while a task is worked on.
    if (calledOff.timers.size > 0) await setTimeout(SOON_MS);
    const cause = WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;
    await workflowService.respondWorkflowTaskFailed({ namespace, taskToken, identity, cause });
    // By this very answer the SDK knows that the task is to be done again.
    throw Object.assign(new Error('UnhandledCommand'), { code: status.INVALID_ARGUMENT, details: 'UnhandledCommand' });
  };

  const handle = async (method: string, call: Call): Promise<Buffer> => {
    if (ENDS.includes(method)) return inTurn(() => forward(method, call));
    if (method === 'RespondWorkflowTaskCompleted')
      return complete(call, RespondWorkflowTaskCompletedRequest.decode(call.request));
    const answer = await forward(method, call);
    if (method === 'PollWorkflowTaskQueue') {
      const { taskToken, workflowExecution } = PollWorkflowTaskQueueResponse.decode(answer);
      if (workflowExecution) executions.set(keyOf(taskToken), workflowExecution);
    }
    return answer;
  };

  const server = new Server();
  const methods = Object.keys((WorkflowService as unknown as { methods: object }).methods);
  server.addService(
    Object.fromEntries(methods.map((method) => [method, definitionOf(method)])),
    Object.fromEntries(
      methods.map((method) => [
        method,
        (call: Call, answer: (error: ServiceError | null, answer?: Buffer) => void) => {
          handle(method, call).then(
            (answered) => answer(null, answered),
            (error: unknown) => answer(error as ServiceError),
          );
        },
      ]),
    ),
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
      upstream.close();
    },
  };
}

function calledOffBy({ commands }: Completion): CalledOff {
  return {
    timers: new Set(commands.flatMap(({ cancelTimerCommandAttributes: timer }) => timer?.timerId ?? [])),
    activities: new Set(
      commands.flatMap(({ requestCancelActivityTaskCommandAttributes: activity }) =>
        activity ? String(activity.scheduledEventId) : [],
      ),
    ),
  };
}

function keyOf(taskToken: Uint8Array): string {
  return Buffer.from(taskToken).toString('base64');
}

function unchanged(bytes: Buffer): Buffer {
  return bytes;
}

function pathOf(method: string): string {
  return `/temporal.api.workflowservice.v1.WorkflowService/${method}`;
}

/** A method whose messages are handed on as they are. */
function definitionOf(method: string): ServiceDefinition[string] {
  return {
    path: pathOf(method),
    requestStream: false,
    responseStream: false,
    requestSerialize: unchanged,
    requestDeserialize: unchanged,
    responseSerialize: unchanged,
    responseDeserialize: unchanged,
  };
}
