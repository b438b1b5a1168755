import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { Command, InvalidArgumentError } from 'commander';
import { exportAudit } from '../audit/bundle.js';
import { type AuditFinding, type Verified, verifyAudit } from '../audit/verify.js';
import { readAuditConfig } from '../config.js';
import { type CaseNumber, isCaseNumber } from '../domain/case-number.js';
import { type AuditReader, createAuditReader } from '../store/audit-reader.js';
import { createPool } from '../store/pool.js';
import { settingsIn } from './settings-in-file.js';

interface Options {
  readonly case?: CaseNumber;
  readonly envFile?: string;
}

/** `mafqood audit`: whether what is recorded is still what was written. The exit code is 1 when it is not. */
export function auditCommand(): Command {
  const command = new Command('audit').description('Verifies the audit, or takes it out of the system.');
  command.addCommand(
    withOptions(new Command('verify'))
      .description('Goes through every chain and names each entry that was altered, is missing or stands elsewhere.')
      .action((options: Options, its: Command) => withReader(options, its, verify)),
  );
  command.addCommand(
    withOptions(new Command('export'))
      .description('Writes a bundle that can be verified without the system (docs/audit.md).')
      .argument('<file>', 'is made, and must not be there yet')
      .action((file: string, options: Options, its: Command) =>
        withReader(options, its, (reader, only) => exportTo(file, reader, only)),
      ),
  );
  return command;
}

function withOptions(command: Command): Command {
  return command
    .option('--case <number>', 'only the chain of this case', caseNumber)
    .option('--env-file <file>', 'where MAFQOOD_DATABASE_URL is read from, when it is not in the environment');
}

function caseNumber(text: string): CaseNumber {
  if (isCaseNumber(text)) return text;
  throw new InvalidArgumentError('It has to be a case number, such as MFQ-7K3D-92XQ.');
}

async function withReader(
  { case: only, envFile }: Options,
  command: Command,
  work: (reader: AuditReader, only?: CaseNumber) => Promise<void>,
): Promise<void> {
  const pool = createPool(readAuditConfig(settingsIn(envFile, command)).databaseUrl);
  try {
    await work(createAuditReader(pool), only);
  } finally {
    await pool.end();
  }
}

async function verify(reader: AuditReader, only?: CaseNumber): Promise<void> {
  let found = 0;
  const tell = (finding: AuditFinding): void => {
    found += 1;
    console.log(inWords(finding));
  };
  const verified = await verifyAudit(reader, tell, only);
  if (found > 0) process.exitCode = 1;
  const outcome = found === 0 ? 'all as they were written' : `${found} not as they were written`;
  console.log(`${countOf(verified)}: ${outcome}`);
}

async function exportTo(file: string, reader: AuditReader, only?: CaseNumber): Promise<void> {
  // Whoever made the file that is there wants to keep it.
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await once(stream, 'open');
  const digest = createHash('sha256');
  const write = async (line: string): Promise<void> => {
    digest.update(`${line}\n`);
    if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  };
  try {
    const exported = await exportAudit(reader, write, only);
    stream.end();
    await finished(stream);
    console.log(`${countOf(exported)}, SHA-256 of the bundle ${digest.digest('hex')}`);
  } catch (error) {
    stream.destroy();
    await rm(file, { force: true });
    throw error;
  }
}

function countOf({ chains, entries }: Verified): string {
  return `${chains} ${chains === 1 ? 'chain' : 'chains'}, ${entries} ${entries === 1 ? 'entry' : 'entries'}`;
}

/** `mafqood:case:MFQ-7K3D-92XQ entry 4: altered, it does not say what its hash says` */
function inWords({ chain, seq, to, problem, detail }: AuditFinding): string {
  const which = to === undefined ? `entry ${seq}` : `entries ${seq} to ${to}`;
  return `${chain} ${which}: ${problem}, ${detail}`;
}
