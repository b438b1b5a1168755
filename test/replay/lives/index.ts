import { BEFORE_APPROVAL } from './before-approval.js';
import { FROM_OUTSIDE } from './from-outside.js';
import type { Lives } from './life.js';
import { STANDING_DOWN } from './standing-down.js';
import { STEPS } from './steps.js';
import { THROUGH_PEOPLE } from './through-people.js';
import { WHILE_ACTIVE } from './while-active.js';

export { CONTINUED, HISTORY_LIMIT } from './continued.js';

/** Cases that live in one run. */
export const LIVES: Lives = {
  ...BEFORE_APPROVAL,
  ...WHILE_ACTIVE,
  ...STEPS,
  ...STANDING_DOWN,
  ...FROM_OUTSIDE,
  ...THROUGH_PEOPLE,
};
