import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FACEBOOK_STRATEGIES } from '../../src/channels/facebook-strategy.js';
import { covers, ENDPOINTS } from '../../src/simulator/endpoints.js';
import { canHappenTo, FAULT_NAMES, typicalParameters } from '../../src/simulator/fault-kinds.js';
import { Faults } from '../../src/simulator/faults.js';
import { CONFIRMS } from '../../src/simulator/settings.js';
import { planOf } from '../../storms/plan.js';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

test('the same seed makes the same storm, and another strategy does not change what people do in it', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(planOf(seed)).toEqual(planOf(seed));
      expect(planOf(seed, 'flip').acts).toEqual(planOf(seed, 'single-post').acts);
    }),
  );
});

test('every storm publishes, amends, widens and finds, with a fault that strikes for certain and one kill', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { acts, faults, kill } = planOf(seed);
      const done = acts.map((act) => act.do);
      expect(new Set(done)).toEqual(new Set(['publish', 'amend', 'widen', 'found']));
      expect(done[0]).toBe('publish');
      expect(done.indexOf('found')).toBe(done.length - 1);
      expect(acts.slice(0, -1).some(({ then }) => then === 'settle')).toBe(true);
      expect(faults[0]).toMatchObject({ endpoint: expect.not.stringContaining('*') as unknown });
      expect(faults[0]).not.toHaveProperty('probability');
      expect(acts[kill.duringAct]).toBeDefined();
    }),
  );
});

test('the simulator takes every fault that a storm plans, and it can strike', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      for (const { beforeAct, ...fault } of planOf(seed).faults) {
        expect(beforeAct).toBeLessThan(planOf(seed).acts.length);
        expect(new Faults().arm(fault)).toMatchObject(fault);
        expect(ENDPOINTS.some((one) => covers(fault.endpoint, one) && canHappenTo(fault.fault, one))).toBe(true);
      }
    }),
  );
});

test('some storms have a partner desk, which fails in each of them and works in every way it can', () => {
  const plans = Array.from({ length: 600 }, (_, seed) => planOf(seed));
  const desks = plans.filter(({ desk }) => desk !== undefined);
  expect(desks.length).toBeGreaterThan(100);
  expect(new Set(desks.map(({ desk }) => desk?.confirms))).toEqual(new Set(CONFIRMS));
  expect(new Set(desks.map(({ strategy }) => strategy))).toEqual(new Set(FACEBOOK_STRATEGIES));
  const atDesk = FAULT_NAMES.filter((name) => canHappenTo(name, 'desk.receive'));
  const planned = desks.map(({ faults }) => faults.filter(({ endpoint }) => endpoint === 'desk.receive'));
  for (const faults of planned) expect(faults).not.toHaveLength(0);
  expect(new Set(planned.flat().map(({ fault }) => fault))).toEqual(new Set(atDesk));
  for (const { faults } of plans.filter(({ desk }) => desk === undefined))
    expect(faults.map(({ endpoint }) => endpoint)).not.toContain('desk.receive');
});

test('every fault of the simulator is in some storm of a few hundred, with each of its typical parameters', () => {
  const planned = Array.from({ length: 600 }, (_, seed) => planOf(seed).faults).flat();
  for (const name of FAULT_NAMES) {
    expect(typicalParameters(name)).not.toHaveLength(0);
    for (const parameters of typicalParameters(name)) {
      expect(planned).toContainEqual(expect.objectContaining({ fault: name, ...parameters }));
    }
  }
});
