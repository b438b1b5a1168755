import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { isStaffId, type Role, ROLES } from '../domain/command.js';

/** Somebody who may use the staff API. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** A member of staff and the bearer token that stands for them. */
export interface StaffEntry extends StaffMember {
  readonly token: string;
}

/** The staff file cannot be used; `problems` lists everything that is wrong with it, and never shows a token. */
export class StaffFileError extends Error {
  override readonly name = 'StaffFileError';

  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(`the staff file ${file} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const staffFile = z
  .array(
    z.strictObject({
      token: z
        .string()
        .min(32, 'must be at least 32 characters')
        .regex(/^[A-Za-z0-9._~+/-]+=*$/, 'may hold letters, digits and . _ ~ + / - only'),
      id: z.string().refine(isStaffId, 'must be a staff id: letters, digits and . _ @ -, no spaces'),
      name: z.string().trim().min(1),
      role: z.enum(ROLES),
    }),
  )
  .min(1, 'names nobody');

/**
 * Reads and checks a staff file: a list, as YAML or JSON, of `{ token, id, name, role }`.
 * @throws StaffFileError with every problem at once
 */
export function loadStaffFile(file: string): readonly StaffEntry[] {
  const read = staffFile.safeParse(readYaml(file));
  if (!read.success) {
    throw new StaffFileError(
      file,
      read.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`),
    );
  }
  const problems = [...repeated(read.data, 'id'), ...repeated(read.data, 'token')];
  if (problems.length > 0) throw new StaffFileError(file, problems);
  return read.data;
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StaffFileError(file, [error instanceof Error ? error.message : String(error)]);
  }
  try {
    return parse(text);
  } catch (error) {
    // The parser's own message quotes the line, and with it the token that stands there.
    const where = error instanceof YAMLParseError ? ` (${error.code}, line ${error.linePos?.[0].line ?? '?'})` : '';
    throw new StaffFileError(file, [`is neither YAML nor JSON${where}`]);
  }
}

function repeated(entries: readonly StaffEntry[], key: 'id' | 'token'): string[] {
  return entries.flatMap((entry, index) => {
    const first = entries.findIndex((other) => other[key] === entry[key]);
    return first < index ? [`${index}.${key}: is the same as that of entry ${first}`] : [];
  });
}
