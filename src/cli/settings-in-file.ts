import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';

/** The settings that a file has, none where none is named. One that is not there ends the command with an error. */
export function settingsIn(file: string | undefined, command: Command): Readonly<Record<string, string | undefined>> {
  if (file === undefined) return {};
  if (!existsSync(file)) command.error(`error: there is no file ${file}`);
  return parseEnv(readFileSync(file, 'utf8'));
}
