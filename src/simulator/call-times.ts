import type { EndpointName } from './endpoints.js';

/** How long things take, in milliseconds. */
export interface CallTimes {
  /** A call that hands an image over. */
  readonly uploadMs: number;
  /** Any other call that changes something. */
  readonly publishMs: number;
  /** From a container's call to the container being ready, at the least. */
  readonly containerMs: number;
}

/** `meta` is what Meta's own calls take; `fast` is for those who do not want to wait. */
export const CALL_TIMES = {
  fast: { uploadMs: 0, publishMs: 0, containerMs: 200 },
  meta: { uploadMs: 400, publishMs: 300, containerMs: 3_000 },
} as const satisfies Record<string, CallTimes>;

export type CallTimesName = keyof typeof CALL_TIMES;

export const CALL_TIMES_NAMES = Object.keys(CALL_TIMES) as CallTimesName[];

type Kind = 'upload' | 'publish' | 'read';

const KIND: Readonly<Record<EndpointName, Kind>> = {
  'facebook.readPage': 'read',
  'facebook.createPhoto': 'upload',
  'facebook.createPost': 'publish',
  'facebook.readPost': 'read',
  'facebook.listPosts': 'read',
  'facebook.editPost': 'publish',
  'facebook.publishPost': 'publish',
  'facebook.deletePost': 'publish',
  'instagram.readAccount': 'read',
  'instagram.createContainer': 'upload',
  'instagram.readContainer': 'read',
  'instagram.publish': 'publish',
  'instagram.listMedia': 'read',
  'instagram.readMedia': 'read',
  'instagram.setComments': 'publish',
  'instagram.deleteMedia': 'publish',
  'instagram.limit': 'read',
  'token.inspect': 'read',
  'desk.receive': 'read',
};

/** How long a call takes before it takes effect, in milliseconds. */
export function callTimeMs(endpoint: EndpointName, times: CallTimes): number {
  switch (KIND[endpoint]) {
    case 'upload':
      return times.uploadMs;
    case 'publish':
      return times.publishMs;
    case 'read':
      return 0;
  }
}
