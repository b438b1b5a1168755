import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Milliseconds } from '../domain/time.js';
import { ChannelFailure, type StepRun } from '../ports/alert-channel.js';
import { classify, isErrorBody } from './graph-errors.js';

/** One call to the Graph API. */
export interface GraphCall<T> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The object's id, and its edge if one is meant: `['123', 'feed']`. */
  readonly path: readonly string[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What a success looks like. */
  readonly answer: z.ZodType<T>;
}

/** The Graph API. It never tries again by itself: its callers' callers do, who know what may be tried again. */
export interface GraphClient {
  /**
   * A call that changes nothing the public sees. It is broken off when the step is called off.
   * @throws ChannelFailure
   */
  harmless<T>(call: GraphCall<T>, signal: AbortSignal): Promise<T>;
  /**
   * A call that cannot be undone. Once sent it is not broken off, because its outcome must be learned: only its own time-out ends it.
   * @throws ChannelFailure `notSent` when the step was called off, `sendBefore` is over, or nobody could be connected to
   */
  irreversible<T>(call: GraphCall<T>, run: Pick<StepRun, 'signal' | 'sendBefore'>): Promise<T>;
}

export interface GraphClientOptions {
  /** `https://graph.facebook.com`. */
  readonly graphUrl: string;
  /** `v26.0`. */
  readonly version: string;
  readonly accessToken: string;
  /** Given, every call proves that we hold it. */
  readonly appSecret?: string | undefined;
  /** How long a call may take, its answer's body included. Shorter than any activity that makes one. */
  readonly timeoutMs?: Milliseconds;
}

const systemError = z.object({ cause: z.object({ code: z.string() }) });

/** Makes a client for one access token. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { graphUrl, version, accessToken, appSecret, timeoutMs = 8_000 } = options;
  const proof =
    appSecret === undefined
      ? {}
      : { appsecret_proof: createHmac('sha256', appSecret).update(accessToken).digest('hex') };

  async function send<T>({ method, path, parameters, answer }: GraphCall<T>, signal?: AbortSignal): Promise<T> {
    const url = new URL([graphUrl.replace(/\/$/, ''), version, ...path.map(encodeURIComponent)].join('/'));
    const sent: Readonly<Record<string, unknown>> = { ...parameters, ...proof };
    const headers: Record<string, string> = { authorization: `Bearer ${accessToken}` };
    const request: RequestInit = { method, headers, redirect: 'manual' };
    if (method === 'POST') {
      headers['content-type'] = 'application/json';
      request.body = JSON.stringify(sent);
    } else {
      for (const [name, value] of Object.entries(sent)) url.searchParams.set(name, String(value));
    }
    const { response, body } = await exchange(url, request, timeoutMs, signal);
    if (!response.ok || isErrorBody(body)) throw classify(response.status, response.headers, body);
    const parsed = answer.safeParse(body);
    // The call was taken, but what came of it is not said in a way we understand.
    if (!parsed.success) throw new ChannelFailure('unknown', 'http/unreadable');
    return parsed.data;
  }

  return {
    harmless: send,
    irreversible: async (call, { signal, sendBefore }) => {
      if (signal.aborted) throw new ChannelFailure('notSent', 'called_off');
      if (Date.now() >= sendBefore) throw new ChannelFailure('notSent', 'deadline_passed');
      return send(call);
    },
  };
}

/** Sends a request and reads all of its answer, within the time given. */
async function exchange(
  url: URL,
  request: RequestInit,
  timeoutMs: Milliseconds,
  signal?: AbortSignal,
): Promise<{ response: Response; body: unknown }> {
  const abort = new AbortController();
  const callOff = (): void => abort.abort(new ChannelFailure('notSent', 'called_off'));
  // A plain timer: AbortSignal.any can lose an AbortSignal.timeout to the garbage collector before it fires (nodejs/node#57736).
  const timer = setTimeout(() => abort.abort(new ChannelFailure('unknown', 'network/timeout')), timeoutMs);
  signal?.addEventListener('abort', callOff, { once: true });
  if (signal?.aborted) callOff();
  try {
    const response = await fetch(url, { ...request, signal: abort.signal });
    return { response, body: parsedJson(await response.text()) };
  } catch (error) {
    if (abort.signal.aborted) throw abort.signal.reason;
    throw networkFailure(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', callOff);
  }
}

/**
 * Without a connection nothing was sent; whatever else happens to one says nothing about what the other side did. Fetch's own words can
 * hold the address; the system's code behind them cannot.
 */
function networkFailure(error: unknown): ChannelFailure {
  switch (systemError.safeParse(error).data?.cause.code) {
    case 'ECONNREFUSED':
      return new ChannelFailure('notSent', 'network/refused');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ChannelFailure('notSent', 'network/name');
    default:
      return new ChannelFailure('unknown', 'network/reset');
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
