import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { newCaseNumber } from '../src/domain/case-number.js';
import { ACCOUNT_CHANNELS, type AccountChannel } from '../src/domain/channel.js';
import type { Instant } from '../src/domain/time.js';
import type { Stack } from '../src/embedded/stack.js';
import type { AlertContent } from '../src/ports/alert-channel.js';
import type { BareAlert } from './bare-case/activities.js';
import { BARE_TASK_QUEUE } from './bare-case/task-queue.js';
import type { BareWorkerSettings } from './bare-case/worker.js';
import type { bareCase } from './bare-case/workflow.js';
import type { BenchCase, Side } from './side.js';

/** What one case of ours posted, for the bare cases to post too. */
export interface Example {
  readonly caseNumber: string;
  readonly countries: readonly string[];
  readonly posts: Readonly<Record<AccountChannel, { text: string; altText: string; image: Uint8Array<ArrayBuffer> }>>;
}

/** The bare cases: their worker in a process of its own, and a host for the images that they post. */
export class BareCases implements Side {
  private constructor(
    private readonly client: Client,
    private readonly example: Example,
    private readonly worker: ChildProcess,
    private readonly images: Server,
  ) {}

  static async start(
    { temporal, simulator }: Pick<Stack, 'temporal' | 'simulator'>,
    client: Client,
    example: Example,
  ): Promise<BareCases> {
    const images = createServer((request, response) => {
      const channel = ACCOUNT_CHANNELS.find((name) => request.url === `/${name}.jpg`);
      if (channel === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(example.posts[channel].image);
    });
    await once(images.listen(0, '127.0.0.1'), 'listening');
    const settings: BareWorkerSettings = { address: temporal.address, namespace: temporal.namespace, simulator };
    const worker = fork(fileURLToPath(new URL('./bare-case/worker.ts', import.meta.url)), [JSON.stringify(settings)], {
      execArgv: [
        '--enable-source-maps',
        `--import=${new URL('../bootstrap/end-with-parent.mjs', import.meta.url).href}`,
        `--import=${import.meta.resolve('tsx')}`,
      ],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const ended = once(worker, 'exit').then(() => Promise.reject(new Error("the bare case's worker ended")));
    ended.catch(() => undefined);
    await Promise.race([once(worker, 'message'), ended]);
    return new BareCases(client, example, worker, images);
  }

  /** The example is all that they need. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async open(): Promise<BenchCase> {
    const caseNumber = newCaseNumber(randomBytes);
    const workflowId = `bare/${caseNumber}`;
    const handle = await this.client.workflow.start<typeof bareCase>('bareCase', {
      workflowId,
      taskQueue: BARE_TASK_QUEUE,
      args: [this.alert(caseNumber)],
    });
    return {
      workflowId,
      caseNumber,
      approve: async (): Promise<Instant> => {
        const sentAt = Date.now();
        await handle.signal('approve');
        return sentAt;
      },
      end: async () => {
        await handle.signal('childFound');
        await handle.result();
      },
    };
  }

  /** What a case of this number would post; its images can be fetched until {@link stop}. */
  alert(caseNumber: string): BareAlert {
    const { port } = this.images.address() as AddressInfo;
    const { posts, countries } = this.example;
    const on = (channel: AccountChannel): AlertContent => ({
      caseNumber,
      revision: 1,
      digest: '0'.repeat(64),
      runKind: 'actual',
      text: posts[channel].text.replaceAll(this.example.caseNumber, caseNumber),
      altText: posts[channel].altText,
      imageUrl: `http://127.0.0.1:${port}/${channel}.jpg`,
      askedRadiusKm: 160,
      countries,
    });
    return { facebook: on('facebook'), instagram: on('instagram') };
  }

  async stop(): Promise<void> {
    this.images.closeAllConnections();
    this.images.close();
    if (this.worker.exitCode !== null) return;
    const ended = once(this.worker, 'exit');
    this.worker.kill('SIGTERM');
    await ended;
  }
}
