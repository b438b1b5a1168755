import { expect, test } from '@jest/globals';
import type { SignalCommand } from '../../../src/domain/command.js';
import { type Attempt, commandFor, soundApproval } from '../../given/random-commands.js';
import { CaseSimulation } from './case-simulation.js';

function command(life: CaseSimulation, kind: SignalCommand['kind'], actor: string, role: Attempt['role']): void {
  const attempt: Attempt = {
    kind,
    commandId: `${kind}-${life.nextRevision}`,
    actor,
    role,
    sound: true,
    number: null,
    pick: 0,
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
