import { writeFileSync } from 'node:fs';
import { errorsPage } from '../api/errors-page.js';

/** `npm run docs:errors`: writes `docs/errors.md` from the code. */
writeFileSync(new URL('../../docs/errors.md', import.meta.url), errorsPage());
