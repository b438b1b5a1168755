import { expect, test } from '@jest/globals';
import type { SignalCommand } from '../../../src/domain/command.js';
import { noticeFor } from '../../../src/domain/notice.js';
import { MINUTE } from '../../../src/domain/time.js';
import { noticeText } from '../../../src/notify/notice-text.js';
import { type Attempt, commandFor, soundApproval } from '../../given/random-commands.js';
import { CaseSimulation } from './case-simulation.js';

function command(
  life: CaseSimulation,
  kind: SignalCommand['kind'],
  actor: string,
  role: Attempt['role'],
  pick = 0,
): void {
  const attempt: Attempt = {
    kind,
    commandId: `${kind}-${life.nextRevision}`,
    actor,
    role,
    sound: true,
    number: null,
    pick,
  };
  const answer = life.command(commandFor(life, attempt), attempt.commandId);
  expect(answer[0]).toMatchObject({ type: 'commandAccepted' });
}

function amend(life: CaseSimulation): void {
  command(life, 'amend', 'operator-1', 'operator');
  command(life, 'approveAmendment', 'supervisor-1', 'supervisor');
}

/** What cannot be edited is replaced at each amendment. */
const CHANNEL = 'instagram';

test('amended again before the first post could be removed, a channel shows the old and the new and never three', () => {
  const life = new CaseSimulation();
  const shown = (): number[] => life.worlds[CHANNEL].public.map(({ revision }) => revision);
  life.command(commandFor(life, soundApproval), 'the-approval');
  life.settle();
  for (const newest of [2, 3, 4]) {
    amend(life);
    while (!shown().includes(newest)) {
      expect(life.step(CHANNEL, 'well')).toBe(true);
      expect(shown().length).toBeLessThanOrEqual(2);
    }
  }
  // The newest of the old ones stayed up until its successor was there.
  expect(shown()).toEqual([3, 4]);
  life.settle();
  expect(shown()).toEqual([4]);
});

test('while the older of two old posts cannot be removed the newest waits, people are told so at once and why, and it goes out once a supervisor confirms that the old are gone', () => {
  const life = new CaseSimulation();
  const world = life.worlds[CHANNEL];
  life.command(commandFor(life, soundApproval), 'the-approval');
  life.settle();
  amend(life);
  while (!world.public.some(({ revision }) => revision === 2)) life.step(CHANNEL, 'well');
  amend(life);
  life.step(CHANNEL, 'well');
  for (let failure = 1; failure <= 5; failure += 1) {
    expect(life.step(CHANNEL, 'refused')).toBe(true);
    expect(life.state.publications[CHANNEL].hold).toMatchObject({ code: 'meta/190', newestWaits: true });
    expect(world.public.map(({ revision }) => revision)).toEqual([1, 2]);
    life.pass(5 * MINUTE);
  }
  const notices = life.events.flatMap((event) => noticeFor(life.state, event, 1) ?? []);
  const [told] = notices.filter(({ subject }) => 'channel' in subject && subject.channel === CHANNEL);
  expect(told?.subject).toMatchObject({ about: 'notLive', notice: 1, code: 'meta/190', newestWaits: true });
  expect(told && noticeText(told, 'https://staff.example').text.en).toContain(
    'The newest approved version waits until an older post is gone.',
  );

  for (const post of world.public) post.deleted = true;
  command(life, 'confirmRemoved', 'supervisor-1', 'supervisor', 1);
  life.settle();
  expect(world.public.map(({ revision }) => revision)).toEqual([3]);
});

test('a removal that nothing newer waits for says nothing of the newest', () => {
  const life = new CaseSimulation();
  life.command(commandFor(life, soundApproval), 'the-approval');
  life.settle();
  amend(life);
  while (!life.worlds[CHANNEL].public.some(({ revision }) => revision === 2)) life.step(CHANNEL, 'well');
  life.step(CHANNEL, 'refused');
  const { hold } = life.state.publications[CHANNEL];
  expect(hold).toMatchObject({ code: 'meta/190' });
  expect(hold).not.toHaveProperty('newestWaits');
});
