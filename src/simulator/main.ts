import { parseArgs } from 'node:util';
import { readSimulatorSecrets } from '../config.js';
import { CALL_TIMES_NAMES } from './call-times.js';
import { startSimulator, type SimulatorOptions } from './server.js';

const USAGE = `Usage: npm run simulator -- [options]

  --port N            port to listen on; a free one when left out
  --host ADDRESS      address to listen on (127.0.0.1)
  --data FILE         keep the accounts and their posts in this file, and go on from it
  --page-id ID        Facebook Page
  --ig-user-id ID     Instagram account
  --call-times NAME   how long calls take: fast, or meta, which is as long as Meta's own (fast)
  --container-ms N    time until an Instagram container is ready (200, or that of --call-times)
  --daily-quota N     media that the Instagram account may publish in 24 hours (100)
  --calls-per-hour N  calls that each account takes within an hour before it throttles (1000000)
  --desk-confirms-after MS
                      let the desk do by itself what it is asked

Secrets come from the environment:
  SIMULATOR_ACCESS_TOKEN  the token that the accounts take
  SIMULATOR_APP_SECRET    require the appsecret_proof of this app secret with every call
  SIMULATOR_DESK_SECRET   have a partner desk at /desk, whose messages are signed with this

The first line of output is JSON: {"url", "pageId", "igUserId", "accessToken"}.`;

try {
  const options = readArguments(process.argv.slice(2));
  if (options === undefined) console.log(USAGE);
  else await run(options);
} catch (error) {
  console.error(`The simulator cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function run(options: SimulatorOptions): Promise<void> {
  const simulator = await startSimulator(options);
  const { url, pageId, igUserId, accessToken } = simulator;
  const stop = (): void => {
    // An open IPC channel would keep the process alive for ever.
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  const accounts = { url, pageId, igUserId, accessToken };
  process.send?.({ ready: true, ...accounts });
  console.log(JSON.stringify(accounts));
  console.error(`Both feeds: ${url}/   Ctrl-C stops the simulator.`);
}

/** Undefined when help was asked for. */
function readArguments(args: string[]): SimulatorOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string' },
      data: { type: 'string' },
      'page-id': { type: 'string' },
      'ig-user-id': { type: 'string' },
      'call-times': { type: 'string', default: 'fast' },
      'container-ms': { type: 'string' },
      'daily-quota': { type: 'string' },
      'calls-per-hour': { type: 'string' },
      'desk-confirms-after': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const containerMs = values['container-ms'];
  const dailyQuota = values['daily-quota'];
  const callsPerHour = values['calls-per-hour'];
  const deskConfirmsAfter = values['desk-confirms-after'];
  return {
    port: wholeNumber('--port', values.port, 65535),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.data === undefined ? {} : { dataFile: values.data }),
    ...(values['page-id'] === undefined ? {} : { pageId: values['page-id'] }),
    ...(values['ig-user-id'] === undefined ? {} : { igUserId: values['ig-user-id'] }),
    callTimes: oneOf('--call-times', values['call-times'], CALL_TIMES_NAMES),
    ...readSimulatorSecrets(),
    ...(deskConfirmsAfter === undefined
      ? {}
      : { deskConfirmsAfterMs: wholeNumber('--desk-confirms-after', deskConfirmsAfter, 24 * 3600 * 1000) }),
    ...(callsPerHour === undefined
      ? {}
      : { callsPerHour: wholeNumber('--calls-per-hour', callsPerHour, 1_000_000_000) }),
    ...(containerMs === undefined ? {} : { containerMs: wholeNumber('--container-ms', containerMs, 24 * 3600 * 1000) }),
    ...(dailyQuota === undefined ? {} : { dailyQuota: wholeNumber('--daily-quota', dailyQuota, 1_000_000) }),
  };
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) throw new Error(`${option} must be ${names.join(' or ')}`);
  return name;
}

function wholeNumber(name: string, text: string, greatest: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > greatest) throw new Error(`${name} must be a whole number up to ${greatest}`);
  return value;
}
