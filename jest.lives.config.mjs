/** Random lives of running cases: `npm run test:lives`. Apart from `npm test`, because one seldom gets stuck: docs/adr/0021. */
import base from './jest.config.mjs';

const [unit] = base.projects;

export default { projects: [{ ...unit, displayName: 'lives', testMatch: ['<rootDir>/test/lives/**/*.test.ts'] }] };
