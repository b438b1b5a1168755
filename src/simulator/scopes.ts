import type { EndpointName } from './endpoints.js';

/** What the token may do, unless told otherwise: what publishing, correcting and removing on both channels needs. */
export const SCOPES = [
  'pages_show_list',
  'pages_read_engagement',
  'pages_manage_posts',
  'instagram_basic',
  'instagram_content_publish',
  'instagram_manage_comments',
  'instagram_manage_contents',
] as const;

export type Scope = (typeof SCOPES)[number];

const NEEDED: Partial<Record<EndpointName, Scope>> = {
  'facebook.readPost': 'pages_read_engagement',
  'facebook.listPosts': 'pages_read_engagement',
  'facebook.createPhoto': 'pages_manage_posts',
  'facebook.createPost': 'pages_manage_posts',
  'facebook.editPost': 'pages_manage_posts',
  'facebook.publishPost': 'pages_manage_posts',
  'facebook.deletePost': 'pages_manage_posts',
  'instagram.readAccount': 'instagram_basic',
  'instagram.listMedia': 'instagram_basic',
  'instagram.readMedia': 'instagram_basic',
  'instagram.createContainer': 'instagram_content_publish',
  'instagram.readContainer': 'instagram_content_publish',
  'instagram.publish': 'instagram_content_publish',
  'instagram.limit': 'instagram_content_publish',
  'instagram.setComments': 'instagram_manage_comments',
  'instagram.deleteMedia': 'instagram_manage_contents',
};

/** The permission that a call needs and the token has not; undefined when there is none. */
export function missingFor(endpoint: EndpointName | undefined, missing: readonly Scope[]): Scope | undefined {
  return missing.find((scope) => endpoint !== undefined && NEEDED[endpoint] === scope);
}
