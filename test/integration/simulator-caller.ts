import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  /** `error.code`/`error.error_subcode`, empty on success. */
  readonly error: string;
}

export type Effect = Record<string, unknown> & { seq: number; at: string; call: string; type: string };

/** Calls a simulator over HTTP, as an adapter would. */
export class Caller {
  constructor(private readonly simulator: { url: string; pageId: string; igUserId: string; accessToken: string }) {}

  get page(): string {
    return this.simulator.pageId;
  }

  get account(): string {
    return this.simulator.igUserId;
  }

  async call(method: string, path: string, parameters: object = {}): Promise<Answer> {
    const query = method === 'GET' ? `?${new URLSearchParams({ ...parameters }).toString()}` : '';
    return this.raw(`/v26.0/${path}${query}`, {
      method,
      headers: { authorization: `Bearer ${this.simulator.accessToken}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(parameters) }),
    });
  }

  async raw(path: string, request: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.simulator.url}${path}`, request);
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const error = body.error as { code: number; error_subcode?: number } | undefined;
    const subcode = error?.error_subcode === undefined ? '' : `/${error.error_subcode}`;
    return {
      status: response.status,
      headers: response.headers,
      body,
      error: error === undefined ? '' : `${error.code}${subcode}`,
    };
  }

  /** The id that a call gives; throws the answer when it was refused. */
  async id(method: string, path: string, parameters: object): Promise<string> {
    const answer = await this.call(method, path, parameters);
    if (answer.error !== '') throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body.id as string;
  }

  /** A photo and a post of it that nobody can see yet. */
  async stagePost(imageUrl: string, message: string, targeting?: object): Promise<string> {
    const photo = await this.id('POST', `${this.page}/photos`, { url: imageUrl, published: false });
    return this.id('POST', `${this.page}/feed`, {
      message,
      attached_media: [{ media_fbid: photo }],
      published: false,
      ...(targeting && { targeting }),
    });
  }

  /** A container that has left IN_PROGRESS, with the status it reached. */
  async container(imageUrl: string, caption: string): Promise<{ id: string; status: string; words: string }> {
    const id = await this.id('POST', `${this.account}/media`, { image_url: imageUrl, caption });
    return { id, ...(await this.settledContainer(id)) };
  }

  async settledContainer(id: string): Promise<{ status: string; words: string }> {
    for (;;) {
      const { body } = await this.call('GET', id, { fields: 'status_code,status' });
      if (body.status_code !== 'IN_PROGRESS') {
        return { status: body.status_code as string, words: body.status as string };
      }
    }
  }

  async publishMedia(containerId: string): Promise<Answer> {
    return this.call('POST', `${this.account}/media_publish`, { creation_id: containerId });
  }

  /** The ids on a list, in its order. */
  async list(path: string, parameters: object = {}): Promise<string[]> {
    const { body } = await this.call('GET', path, parameters);
    return (body.data as { id: string }[]).map(({ id }) => id);
  }

  async effects(after = 0): Promise<Effect[]> {
    const { body } = await this.raw(`/simulator/effects?after=${after}`, {});
    return body.effects as Effect[];
  }

  /** The calls that the simulator has had, and the faults they met. */
  async calls(): Promise<{ endpoint?: string; fault?: string; status?: number | string }[]> {
    return (await this.raw('/simulator/calls', {})).body.calls as { endpoint?: string; fault?: string }[];
  }

  async fault(fault: object): Promise<Answer> {
    return this.control('POST', 'faults', fault);
  }

  /** A call of the control API. */
  async control(method: string, path: string, body?: object): Promise<Answer> {
    return this.raw(`/simulator/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

/** Serves pictures as `/jpeg?width=1080&height=1350`, `/png`, `/text`, `/huge`; nothing else is there. */
export async function startImageServer(): Promise<{ url: string; jpeg: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://images');
    const width = Number(searchParams.get('width') ?? 40);
    const height = Number(searchParams.get('height') ?? 40);
    const blank = sharp({ create: { width, height, channels: 3, background: '#2a6' } });
    switch (pathname) {
      case '/jpeg':
        void blank
          .jpeg()
          .toBuffer()
          .then((bytes) => response.end(bytes));
        return;
      case '/png':
        // A lying content type: only the bytes count.
        void blank
          .png()
          .toBuffer()
          .then((bytes) => response.setHeader('content-type', 'image/jpeg').end(bytes));
        return;
      case '/text':
        response.setHeader('content-type', 'image/jpeg').end('no picture');
        return;
      case '/huge':
        response.end(Buffer.alloc(8 * 1024 * 1024 + 1));
        return;
      default:
        response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    jpeg: `${url}/jpeg`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
