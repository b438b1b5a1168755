/** What can be called, by the names that faults, call times and the list of calls use. */
export const ENDPOINTS = [
  'facebook.readPage',
  'facebook.createPhoto',
  'facebook.createPost',
  'facebook.readPost',
  'facebook.listPosts',
  'facebook.editPost',
  'facebook.publishPost',
  'facebook.deletePost',
  'instagram.readAccount',
  'instagram.createContainer',
  'instagram.readContainer',
  'instagram.publish',
  'instagram.listMedia',
  'instagram.readMedia',
  'instagram.setComments',
  'instagram.deleteMedia',
  'instagram.limit',
  'token.inspect',
  'desk.receive',
] as const;

export type EndpointName = (typeof ENDPOINTS)[number];

/** One endpoint, all of a channel, or all there are. */
export const ENDPOINT_PATTERNS = [...ENDPOINTS, 'facebook.*', 'instagram.*', '*'] as const;

export type EndpointPattern = (typeof ENDPOINT_PATTERNS)[number];

export function covers(pattern: EndpointPattern, endpoint: EndpointName): boolean {
  return pattern.endsWith('*') ? endpoint.startsWith(pattern.slice(0, -1)) : pattern === endpoint;
}
