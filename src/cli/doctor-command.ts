import { Command } from 'commander';
import { examineWorkerConfig, type MetaConfig } from '../config.js';
import { checkUp } from '../doctor/checkup.js';
import { countriesOf } from '../doctor/configuration.js';
import { type Finding, table } from '../doctor/finding.js';
import { type Probe, probe, type ProbeOptions, refusalOfProbe } from '../doctor/probe.js';
import { strategySetting, writeStrategy } from '../doctor/strategy-setting.js';

interface Options {
  readonly probe?: true;
  readonly page?: string;
  readonly imageUrl?: string;
  readonly write?: string;
}

/** Without these a probe could not do anything, or not be tidied up after. */
const NEEDED = /^(token|Page|Instagram)/;

/** `mafqood doctor`: whether what the worker was given is right. The exit code is 1 when something failed. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Checks the settings of the worker, its tokens and permissions, the quota, and where images are fetched.',
    )
    .option('--probe', 'try on a test page what Mafqood takes to be so: publishes neutral posts and deletes them')
    .option('--page <id>', 'the test page that is meant, as a confirmation')
    .option('--image-url <url>', 'a neutral JPEG that Meta can fetch; one is drawn for the simulator')
    .option('--write <file>', 'write the strategy that follows from the probe into this environment file')
    .action(async (options: Options) => {
      const config = examineWorkerConfig();
      const findings = await checkUp(config);
      console.log(`Checked, without changing anything\n\n${table(findings)}\n`);
      const isSound = !hasFailed(findings);
      const isProbed = options.probe !== true || (await probed(config.meta, findings, options, countriesOf(config)));
      if (!isSound || !isProbed) process.exitCode = 1;
    });
}

/** Makes the probe, and tells of it. Says whether all is well. */
async function probed(
  meta: MetaConfig | null,
  findings: readonly Finding[],
  { page, imageUrl, write }: Options,
  countries: readonly string[],
): Promise<boolean> {
  const calledOff = new AbortController();
  const options: ProbeOptions = { page, imageUrl, countries, signal: calledOff.signal };
  const refusal = meta === null ? 'Meta’s settings cannot be used' : refusalOfProbe(meta, options);
  const missing = findings.some(({ of, verdict }) => verdict === 'failed' && NEEDED.test(of));
  if (meta === null || refusal !== undefined || missing) {
    console.log(`Not probed: ${refusal ?? 'mend first what failed of the token and the accounts'}.`);
    return false;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => calledOff.abort());
  console.log(`Probing Page ${meta.pageId} and Instagram ${meta.igUserId}; it takes a minute …`);
  const done = await probe(meta, options);
  console.log(`\nTried, and tidied up after\n\n${table(done.findings)}\n`);
  tellStrategy(done, meta, write);
  return !hasFailed(done.findings);
}

function tellStrategy({ strategy }: Probe, { facebookStrategy }: MetaConfig, write: string | undefined): void {
  if (strategy === null) {
    console.log('Which strategy Facebook needs could not be found out; nothing was set.');
    return;
  }
  const isSet =
    strategy === facebookStrategy
      ? 'as it is set'
      : `it is set to ${facebookStrategy}: change it, and restart the workers`;
  console.log(`Strategy for Facebook (${isSet}):\n\n  ${strategySetting(strategy)}`);
  if (write === undefined) return;
  writeStrategy(write, strategy);
  console.log(`\nWritten to ${write}.`);
}

function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'failed');
}
