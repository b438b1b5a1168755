export { missingChildCase } from './missing-child-case.js';
