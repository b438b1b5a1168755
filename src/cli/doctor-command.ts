import { Command } from 'commander';
import { examineWorkerConfig, type ExaminedConfig, type MetaConfig } from '../config.js';
import { checkUp } from '../doctor/checkup.js';
import { countriesOf } from '../doctor/configuration.js';
import { type Finding, table } from '../doctor/finding.js';
import { testImageUrl } from '../doctor/images.js';
import { type Probe, probe, refusalOfProbe } from '../doctor/probe.js';
import { strategySetting, writeStrategy } from '../doctor/strategy-setting.js';
import { settingsIn } from './settings-in-file.js';

interface Options {
  readonly probe?: true;
  readonly page?: string;
  readonly envFile?: string;
}

/** `mafqood doctor`: whether what the worker was given is right. The exit code is 1 when something failed. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Checks the settings of the worker, its tokens and permissions, the quota, and where images are fetched.',
    )
    .option('--probe', 'try on a test page what Mafqood takes to be so: publishes neutral posts and deletes them')
    .option('--page <id>', 'with --probe: the test page that is meant, as a confirmation')
    .option('--env-file <file>', 'read settings from it too; --probe sets META_FACEBOOK_STRATEGY in it')
    .action(async (options: Options, command: Command) => {
      const config = examineWorkerConfig(settingsIn(options.envFile, command));
      const findings = await checkUp(config);
      console.log(`Checked, without changing anything\n\n${table(findings)}\n`);
      const isSound = !hasFailed(findings);
      const isProbed = options.probe !== true || (await probed(config, findings, options));
      if (!isSound || !isProbed) process.exitCode = 1;
    });
}

/** Makes the probe, and tells of it. Says whether all is well. */
async function probed(
  config: ExaminedConfig,
  findings: readonly Finding[],
  { page, envFile }: Options,
): Promise<boolean> {
  const { meta, publicUrl } = config;
  // Settings that have nothing to do with Meta may be missing.
  const isUnready = findings.some(({ of, verdict }) => verdict === 'fail' && of !== 'settings');
  if (meta === null || publicUrl === null || isUnready) {
    console.log('Not probed: mend first what failed.');
    return false;
  }
  const refusal = await refusalOfProbe(meta, page);
  if (refusal !== undefined) {
    console.log(`Not probed: ${refusal}.`);
    return false;
  }
  const calledOff = new AbortController();
  // However often it is told to stop, it tidies up first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => calledOff.abort());
  process.stdout.on('error', () => undefined);
  console.log(`Probing Page ${meta.pageId} and Instagram ${meta.igUserId}; it takes a minute …`);
  const imageUrl = testImageUrl(publicUrl);
  const done = await probe(meta, { imageUrl, countries: countriesOf(config), signal: calledOff.signal });
  console.log(`\nTried, and tidied up after\n\n${table(done.findings)}\n`);
  tellStrategy(done, meta, envFile);
  return !hasFailed(done.findings);
}

function tellStrategy({ strategy }: Probe, { facebookStrategy }: MetaConfig, envFile: string | undefined): void {
  if (strategy === null) {
    console.log('Which strategy Facebook needs could not be found out; nothing was set.');
    return;
  }
  const isChanged = strategy !== facebookStrategy;
  console.log(
    `Strategy for Facebook${isChanged ? `, so far ${facebookStrategy}` : ''}:\n\n  ${strategySetting(strategy)}\n`,
  );
  if (envFile !== undefined) {
    writeStrategy(envFile, strategy);
    console.log(`Set in ${envFile}.${isChanged ? ' Restart the workers.' : ''}`);
  } else if (isChanged) console.log('Set it where the workers have their environment from, and restart them.');
}

function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'fail');
}
