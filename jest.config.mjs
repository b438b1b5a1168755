/** Jest on native ES modules; swc only strips the types (`npm run typecheck` checks them). */
const project = (name, extra = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  ...extra,
});

export default {
  // Most of the time is spent waiting for servers: one worker would leave a core idle.
  maxWorkers: 2,
  // On a machine with much else to do a test is late; that is no failure.
  testTimeout: 30_000,
  projects: [project('unit'), project('workflow'), project('replay'), project('integration'), project('faults')],
};
