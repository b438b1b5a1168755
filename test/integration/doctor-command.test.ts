import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { doctorStage, type Patient } from './doctor-stage.js';

const stage = doctorStage();
const ROOT = join(import.meta.dirname, '../..');
const LONG = 90_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command as a program, with an environment file of the patient's settings. */
async function doctor(patient: Patient, args: string[], settings: Record<string, string> = {}) {
  const file = join(folder, 'worker.env');
  const lines = Object.entries({ ...patient.environment, ...settings }).map(([name, value]) => `${name}=${value}`);
  await writeFile(file, `${lines.join('\n')}\n`);
  const program = spawn(
    process.execPath,
    ['bootstrap/run.mjs', 'src/cli/mafqood.ts', 'doctor', '--env-file', file, ...args],
    { cwd: ROOT, env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const ended = once(program, 'close').then(async ([code]) => ({
    code: code as number,
    output,
    file: await readFile(file, 'utf8'),
  }));
  return { program, ended };
}

test(
  'the exit code is 0 when all is well and 1 when something failed; no token or secret is shown either way',
  async () => {
    const secret = 'the-secret-of-the-app';
    const patient = await stage.start({ appSecret: secret });
    const well = await (await doctor(patient, [])).ended;
    expect([well.code, well.output]).toEqual([0, expect.stringContaining('0 fail,')]);
    await patient.caller.fault({ endpoint: '*', fault: 'tokenExpired', probability: 1 });
    const ill = await (await doctor(patient, [])).ended;
    expect([ill.code, ill.output]).toEqual([1, expect.stringContaining('Make a new one')]);
    for (const { output } of [well, ill]) {
      expect(output).not.toContain(patient.simulator.accessToken);
      expect(output).not.toContain(secret);
    }
  },
  LONG,
);

test(
  'a probe sets the strategy that follows in the environment file, and changes nothing else of it',
  async () => {
    const patient = await stage.start();
    await patient.caller.fault({ endpoint: 'facebook.publishPost', fault: 'fail', code: 100, probability: 1 });
    const { code, output, file } = await (
      await doctor(patient, ['--probe', '--page', patient.simulator.pageId], { META_FACEBOOK_STRATEGY: 'flip' })
    ).ended;
    expect([code, output]).toEqual([0, expect.stringContaining('META_FACEBOOK_STRATEGY=single-post')]);
    const lines = Object.entries(patient.environment).map(([name, value]) => `${name}=${value}`);
    expect(file).toBe(`${[...lines, 'META_FACEBOOK_STRATEGY=single-post'].join('\n')}\n`);
    expect(await patient.left()).toEqual([]);
  },
  LONG,
);

test(
  'it does not probe a page that nobody named',
  async () => {
    const patient = await stage.start();
    const { code, output } = await (await doctor(patient, ['--probe'])).ended;
    expect([code, output]).toEqual([1, expect.stringContaining('Not probed: name the test page')]);
    expect(await patient.caller.effects()).toEqual([]);
  },
  LONG,
);

test(
  'Ctrl-C, even twice, leaves nothing on the page',
  async () => {
    const patient = await stage.start();
    const { program, ended } = await doctor(patient, ['--probe', '--page', patient.simulator.pageId]);
    const isPublished = async () => (await patient.caller.effects()).some(({ type }) => type === 'post.published');
    while (!(await isPublished())) await new Promise((resolve) => setTimeout(resolve, 20));
    program.kill('SIGINT');
    program.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 50));
    program.kill('SIGINT');
    const { code, output } = await ended;
    expect([code, output]).toEqual([1, expect.stringContaining('called off')]);
    expect(await patient.left()).toEqual([]);
  },
  LONG,
);
