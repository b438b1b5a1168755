import { writeFileSync } from 'node:fs';
import { rolesPage } from '../api/roles-page.js';

/** `npm run docs:roles`: writes `docs/roles.md` from the code. */
writeFileSync(new URL('../../docs/roles.md', import.meta.url), rolesPage());
