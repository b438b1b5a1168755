import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.js';
import { Caller, startImageServer } from './simulator-caller.js';

export interface SimulatorStage {
  /** The address of a picture. */
  readonly jpeg: string;
  /** The address of the server of pictures; see `startImageServer`. */
  readonly imagesUrl: string;
  /** An empty folder, another for each test. */
  readonly folder: string;
  /** Starts a simulator that is closed when the test ends. Containers are ready at once, unless said otherwise. */
  start(options?: Partial<SimulatorOptions>): Promise<{ simulator: Simulator; meta: Caller }>;
}

/** Sets up, for the tests of a file, what starting simulators needs. */
export function simulatorStage(): SimulatorStage {
  let images: Awaited<ReturnType<typeof startImageServer>>;
  let folder: string;
  let running: Simulator[] = [];

  beforeAll(async () => {
    images = await startImageServer();
  });
  afterAll(() => images.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  });
  afterEach(async () => {
    await Promise.all(running.map((simulator) => simulator.close()));
    running = [];
    await rm(folder, { recursive: true, force: true });
  });

  return {
    get jpeg() {
      return images.jpeg;
    },
    get imagesUrl() {
      return images.url;
    },
    get folder() {
      return folder;
    },
    start: async (options = {}) => {
      const simulator = await startSimulator({
        port: 0,
        ...(options.callTimes === undefined ? { containerMs: 0 } : {}),
        ...options,
      });
      running.push(simulator);
      return { simulator, meta: new Caller(simulator) };
    },
  };
}
