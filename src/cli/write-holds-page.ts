import { writeFileSync } from 'node:fs';
import { holdsPage } from '../channels/holds-page.js';

/** `npm run docs:holds`: writes `docs/holds.md` from the code. */
writeFileSync(new URL('../../docs/holds.md', import.meta.url), holdsPage());
