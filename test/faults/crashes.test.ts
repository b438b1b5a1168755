import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Stack } from '../../src/embedded/stack.js';
import { caseWorkflowId } from '../../src/temporal/case-workflow-id.js';
import {
  type Answer,
  arm,
  CaseUnderTest,
  effects,
  NONE,
  sendReport,
  startStackUnderTest,
  until,
  untilFaultsTaken,
} from './stage.js';
import { Draw } from '../../storms/draw.js';

jest.setTimeout(120_000);

const seconds = (count: number): number => 1000 * count;

let stack: Stack;
let stop: () => Promise<void>;
let connection: Connection;

beforeAll(async () => {
  ({ stack, stop } = await startStackUnderTest());
  connection = await Connection.connect({ address: stack.temporal.address });
});

afterAll(async () => {
  await connection.close();
  await stop();
});

test.each(['temporal', 'worker'] as const)(
  'what is reported, approved and found while %s is away is accepted, and takes effect in its order and once when it is back',
  async (name) => {
    const live = await CaseUnderTest.reported(stack);
    await live.approve();
    await live.untilLiveOnce();
    const waiting = await CaseUnderTest.reported(stack);
    await stack.processes[name].stop();

    // Whoever is not answered may send it again.
    const approve = (): Promise<Answer> => waiting.approve(`approved-without-${name}`);
    const [approval, again, found, report] = await Promise.all([approve(), approve(), live.found(), sendReport(stack)]);
    for (const answer of [approval, found]) expect(answer).toMatchObject({ status: 202, body: { outcome: 'stored' } });
    expect(again).toMatchObject({ status: 202, body: { commandId: approval.body.commandId } });
    expect(report).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const reported = CaseUnderTest.of(stack, report);
    expect((await reported.approve()).status).toBe(202);
    expect(await live.onFeeds()).toEqual(await live.everPublic());

    await stack.processes[name].start();
    for (const theCase of [waiting, reported]) {
      await theCase.untilLiveOnce();
      const { timeline } = await theCase.read();
      expect(timeline.filter(({ type }) => type === 'approved')).toHaveLength(1);
      expect(timeline.filter(({ fields }) => fields.command === 'approve')).toHaveLength(1);
    }
    await live.untilNothingLeft();
    await Promise.all([waiting, reported].map((theCase) => theCase.endsWithNothingLeft()));
  },
);

/** How many posts were ever public of all these cases: on Facebook, and on Instagram. */
async function everPublic(cases: readonly CaseUnderTest[]): Promise<[number, number]> {
  const shown = await Promise.all(cases.map((theCase) => theCase.everPublic()));
  return [shown.flatMap(({ facebook }) => facebook).length, shown.flatMap(({ instagram }) => instagram).length];
}

test('a worker killed while it stages, while it flips, and after a flip took effect whose answer it has not read, leaves one post a channel', async () => {
  const cases = await Promise.all(Array.from({ length: 3 }, () => CaseUnderTest.reported(stack)));
  const [staging, ...flipping] = cases;
  await arm(
    stack.simulator,
    { endpoint: 'facebook.createPost', fault: 'slow', ms: seconds(7) },
    { endpoint: 'instagram.readContainer', fault: 'slow', ms: seconds(7) },
  );
  await staging?.approve();
  await untilFaultsTaken(stack.simulator);
  for (const ms of [seconds(2), seconds(7)]) {
    await arm(
      stack.simulator,
      { endpoint: 'facebook.publishPost', fault: 'slow', ms },
      { endpoint: 'instagram.publish', fault: 'slow', ms },
    );
  }
  await Promise.all(flipping.map((theCase) => theCase.approve()));
  await untilFaultsTaken(stack.simulator);
  // Frozen, it cannot read the answers to the flips that take effect first.
  await stack.processes.worker.kill('SIGSTOP');
  await until('a flip on each channel has taken effect', async () => Math.min(...(await everPublic(cases))) > 0);
  expect(await everPublic(cases)).toEqual([1, 1]);
  await stack.processes.worker.crash();
  await Promise.all(cases.map((theCase) => theCase.untilLiveOnce()));
  await Promise.all(cases.map((theCase) => theCase.endsWithNothingLeft()));
});

test('a worker killed again and again while many alerts go out leaves one post a channel of each', async () => {
  const draw = new Draw(20261124);
  const cases = await Promise.all(Array.from({ length: 6 }, () => CaseUnderTest.reported(stack)));
  await Promise.all(cases.map((theCase) => theCase.approve()));
  // The first time as soon as the approvals are answered.
  await stack.processes.worker.crash();
  for (let kill = 0; kill < 2; kill++) {
    // It waits for nothing: the moment itself is what is tried.
    await new Promise((resolve) => setTimeout(resolve, seconds(1) * draw.fraction()));
    await stack.processes.worker.crash();
  }
  await Promise.all(cases.map((theCase) => theCase.untilLiveOnce()));
  await Promise.all(cases.map((theCase) => theCase.endsWithNothingLeft()));
});

/** How many flips of these cases have started, as Temporal counts, and are neither over nor lost. */
async function flipsUnderWay(cases: readonly CaseUnderTest[]): Promise<number> {
  const { workflow } = new Client({ connection });
  const pending = cases.map(async ({ number }) => {
    const { raw } = await workflow.getHandle(caseWorkflowId(number)).describe();
    return (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === 'publishAlert').length;
  });
  return (await Promise.all(pending)).reduce((sum, count) => sum + count, 0);
}

/** Whether both channels of an ended case are done with, or watched for a flip that may yet surface. */
async function hasStoodDown(theCase: CaseUnderTest): Promise<boolean> {
  const { status, timeline } = await theCase.read();
  return status === 'resolved' || (status === 'standing_down' && timeline.some(({ type }) => type === 'alertNotSeen'));
}

test('a worker frozen in mid-flip for longer than the flip may take makes no second post when it wakes, and publishes no child found meanwhile', async () => {
  const cases = await Promise.all(Array.from({ length: 8 }, () => CaseUnderTest.reported(stack)));
  const [stillMissing, found] = [cases.slice(0, 3), cases.slice(3)];
  // When three flips have been sent, the others are at every moment before: about to be sent, handed to the worker and not yet read.
  await arm(stack.simulator, { endpoint: 'facebook.publishPost', fault: 'slow', ms: seconds(3), count: 3 });
  const approvals = Promise.all(cases.map((theCase) => theCase.approve()));
  await untilFaultsTaken(stack.simulator);
  await stack.processes.worker.kill('SIGSTOP');
  await approvals;
  expect(await flipsUnderWay(cases)).toBeGreaterThanOrEqual(3);
  for (const { status } of await Promise.all(found.map((theCase) => theCase.found()))) expect(status).toBe(202);
  await until('the flips count as lost', async () => (await flipsUnderWay(cases)) === 0);

  const beforeWaking = await effects(stack.simulator);
  const publicBeforeWaking = await Promise.all(found.map((theCase) => theCase.everPublic()));
  await stack.processes.worker.kill('SIGCONT');
  await Promise.all(stillMissing.map((theCase) => theCase.untilLiveOnce()));
  await Promise.all(found.map((theCase) => theCase.until('stood down', () => hasStoodDown(theCase))));
  for (const theCase of found) expect(await theCase.onFeeds()).toEqual(NONE);
  expect(await Promise.all(found.map((theCase) => theCase.everPublic()))).toEqual(publicBeforeWaking);
  expect((await effects(stack.simulator)).length).toBeGreaterThan(beforeWaking.length);
  await Promise.all(stillMissing.map((theCase) => theCase.endsWithNothingLeft()));
});
