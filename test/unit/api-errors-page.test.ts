import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { errorsPage } from '../../src/api/errors-page.js';
import { FIELD_CODES } from '../../src/api/field-codes.js';
import { PROBLEMS } from '../../src/api/problem.js';

test('docs/errors.md says what the code says; otherwise run npm run docs:errors', () => {
  expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(errorsPage());
});

test('it lists every code, of problems and of fields', () => {
  const page = errorsPage();
  const missing = [...Object.keys(PROBLEMS), ...Object.keys(FIELD_CODES)].filter(
    (code) => !page.includes(`| \`${code}\` `),
  );
  expect(missing).toEqual([]);
});
