import type { Targeting } from '../targeting.js';
import { postsOnFeed, type Post, type World } from '../world.js';

/** Where a post is shown, as far as can be told from the countries it is aimed at. */
export type Reach =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'countries'; readonly countries: readonly string[] }
  /** Regions, cities or zips only, by keys of Meta's whose places are not known here. */
  | { readonly kind: 'unknown' };

export function reachOf(targeting: Targeting | undefined): Reach {
  const places = targeting?.geo_locations;
  const countries = places?.countries ?? [];
  if (countries.length > 0) return { kind: 'countries', countries };
  const keyed = [places?.regions, places?.cities, places?.zips].flatMap((list) => list ?? []);
  return keyed.length > 0 ? { kind: 'unknown' } : { kind: 'everyone' };
}

/** The posts on the Page that somebody in this country is shown, newest first, and those that they are not. */
export function postsFor(
  world: World,
  country: string | undefined,
): { readonly seen: readonly Post[]; readonly notSeen: readonly Post[] } {
  const posts = postsOnFeed(world);
  const isSeen = (post: Post): boolean => {
    const reach = reachOf(post.targeting);
    if (reach.kind !== 'countries') return reach.kind === 'everyone';
    return country !== undefined && reach.countries.includes(country);
  };
  return { seen: posts.filter(isSeen), notSeen: posts.filter((post) => !isSeen(post)) };
}
