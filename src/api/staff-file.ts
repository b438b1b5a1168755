import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { isStaffId, type Role, STAFF_ROLES } from '../domain/command.js';
import type { Scope } from '../domain/scope.js';
import { placed, PLAINLY, readText, UnusableFile } from '../settings-file.js';

/** Somebody who may use the staff API. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Whose cases they see and work on. */
  readonly jurisdictions: Scope;
}

/** A member of staff and the bearer token that stands for them. */
export interface StaffEntry extends StaffMember {
  readonly token: string;
  /** Whether it may approve, as if a second factor had been given: a file can only be told so. */
  readonly secondFactor: boolean;
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
      role: z.enum(STAFF_ROLES),
      jurisdictions: z.union(
        [z.literal('all'), z.array(z.string().min(1)).min(1)],
        'must be all, or a list of ids of jurisdictions of the policy file',
      ),
      secondFactor: z.boolean().default(false),
    }),
  )
  .min(1, 'names nobody');

/**
 * Reads and checks a staff file: a list, as YAML or JSON, of `{ token, id, name, role, jurisdictions }`, each with `secondFactor` if it may
 * approve.
 * @throws UnusableFile with every problem at once, which never shows a token
 */
export function loadStaffFile(file: string): readonly StaffEntry[] {
  const read = staffFile.safeParse(readYaml(file), PLAINLY);
  if (!read.success) throw new UnusableFile('staff', file, placed(read.error));
  const problems = [...repeated(read.data, 'id'), ...repeated(read.data, 'token')];
  if (problems.length > 0) throw new UnusableFile('staff', file, problems);
  return read.data;
}

/** What a staff file says of jurisdictions that the policy file does not know. */
export function unknownJurisdictions(staff: readonly StaffEntry[], known: readonly string[]): string[] {
  return staff.flatMap(({ jurisdictions }, index) =>
    (jurisdictions === 'all' ? [] : jurisdictions)
      .filter((id) => !known.includes(id))
      .map((id) => `${index}.jurisdictions: ${id} is no jurisdiction of the policy file`),
  );
}

function readYaml(file: string): unknown {
  const text = readText('staff', file);
  try {
    return parse(text);
  } catch (error) {
    // The parser's own message quotes the line, and with it the token that stands there.
    const where = error instanceof YAMLParseError ? ` (${error.code}, line ${error.linePos?.[0].line ?? '?'})` : '';
    throw new UnusableFile('staff', file, [`is neither YAML nor JSON${where}`]);
  }
}

function repeated(entries: readonly StaffEntry[], key: 'id' | 'token'): string[] {
  return entries.flatMap((entry, index) => {
    const first = entries.findIndex((other) => other[key] === entry[key]);
    return first < index ? [`${index}.${key}: is the same as that of entry ${first}`] : [];
  });
}
