import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const FOLDER = path.join(import.meta.dirname, 'histories');

/** What stands for whoever did something: a process's own name would tell the machine it ran on. */
export const NEUTRAL_IDENTITY = 'synthetic';

/** A payload as it stands in a history's JSON. */
export interface JsonPayload {
  readonly data?: string;
}

interface JsonPayloads {
  readonly payloads?: readonly JsonPayload[];
}

/** An event of a history's JSON: of its many attributes those that the tests read. */
export interface JsonEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly userMetadata?: { readonly summary?: JsonPayload };
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType: { readonly name: string };
    readonly input?: JsonPayloads;
  };
  readonly activityTaskCompletedEventAttributes?: {
    readonly scheduledEventId: string;
    readonly result?: JsonPayloads;
  };
  readonly activityTaskCanceledEventAttributes?: { readonly scheduledEventId: string };
  readonly activityTaskTimedOutEventAttributes?: { readonly scheduledEventId: string };
  readonly timerStartedEventAttributes?: { readonly timerId: string };
  readonly timerFiredEventAttributes?: { readonly startedEventId: string };
  readonly workflowExecutionStartedEventAttributes?: { readonly continuedExecutionRunId?: string };
}

export interface JsonHistory {
  readonly events: readonly JsonEvent[];
}

/** The names of the recorded histories. */
export async function recordedNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export function textOf(name: string): Promise<string> {
  return readFile(path.join(FOLDER, `${name}.json`), 'utf8');
}

/** Puts these histories in the place of all that were recorded before. */
export async function keepOnly(histories: ReadonlyMap<string, string>): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER);
  for (const [name, text] of histories) await writeFile(path.join(FOLDER, `${name}.json`), text);
}

/** A history as it is kept: one event a line, and nothing of the machine it was recorded on. */
export function asKept(history: History): string {
  const { events } = JSON.parse(historyToJSON(history), neutral) as JsonHistory;
  return `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

/** Replaces what names processes, and leaves out stack traces, which name files; neither plays a part in a replay. */
function neutral(key: string, value: unknown): unknown {
  if (/identity$/i.test(key)) return NEUTRAL_IDENTITY;
  return key === 'stackTrace' ? undefined : value;
}
