export { accountWatch } from './account-watch.js';
export { missingChildCase } from './missing-child-case.js';
