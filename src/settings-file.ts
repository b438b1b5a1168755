import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A file that people write cannot be used; `problems` lists everything that is wrong with it, each with the place it stands in. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';

  /** @param what `policy` for the policy file */
  constructor(
    what: string,
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(`the ${what} file ${file} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * The text of a file that a setting names.
 * @throws UnusableFile
 */
export function readText(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnusableFile(what, file, [
      `${code === 'ENOENT' ? 'there is no such file' : 'it cannot be read'} (${code})`,
    ]);
  }
}

/** For `safeParse`: says of what is not there that it is missing or empty, and not that it is of a wrong type. */
export const PLAINLY: z.core.ParseContext<z.core.$ZodIssue> = {
  error: (issue) => {
    if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
    if (issue.code === 'invalid_type' && issue.input === null) return 'is empty';
    if (issue.code === 'unrecognized_keys') return `holds what nobody reads: ${issue.keys.join(', ')}`;
    return undefined;
  },
};

/** Each problem with the place it stands in. */
export function placed({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
}
