import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FacebookStrategy } from '../channels/facebook-strategy.js';

const VARIABLE = 'META_FACEBOOK_STRATEGY';

/** The line of an environment file that sets a strategy. */
export function strategySetting(strategy: FacebookStrategy): string {
  return `${VARIABLE}=${strategy}`;
}

/** Sets a strategy in an environment file: in its place if it stands there, else in a new last line. Everything else stays as it is. */
export function writeStrategy(file: string, strategy: FacebookStrategy): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const line = strategySetting(strategy);
  const set = new RegExp(`^(export )?${VARIABLE}=.*$`, 'm');
  const after = set.test(before)
    ? before.replace(set, (_, exported: string | undefined) => `${exported ?? ''}${line}`)
    : `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`;
  // Such a file holds tokens: one that is made anew is for its owner.
  writeFileSync(file, after, { mode: 0o600 });
}
