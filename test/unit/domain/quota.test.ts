import { expect, it } from '@jest/globals';
import { postNeed } from '../../../src/domain/quota.js';
import { CaseSimulation } from './case-simulation.js';

const { state } = new CaseSimulation();
const beenLive = { ...state.publications, instagram: { ...state.publications.instagram, liveSince: 1 } };

it.each([
  ['actual', 'amber', state.publications, 'urgent'],
  ['actual', 'missing', state.publications, 'routine'],
  ['actual', 'missing', beenLive, 'urgent'],
  ['exercise', 'amber', state.publications, 'drill'],
  ['exercise', 'amber', beenLive, 'drill'],
  ['test', 'missing', state.publications, 'drill'],
] as const)('the next post of an %s case of the tier %s is as urgent as that', (runKind, tier, publications, need) => {
  expect(postNeed({ ...state, runKind, tier, publications }, 'instagram')).toBe(need);
});
