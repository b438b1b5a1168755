import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { rolesPage } from '../../src/api/roles-page.js';

test('docs/roles.md says what the table says; otherwise run npm run docs:roles', () => {
  expect(readFileSync(new URL('../../docs/roles.md', import.meta.url), 'utf8')).toBe(rolesPage());
});
