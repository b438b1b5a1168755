/**
 * How alerts are put on a Page.
 * - `flip`: an unpublished post is flipped by its id. The rule, wherever the Page does it (`mafqood doctor --probe` tells).
 * - `single-post`: a post is made in one call that is sent once. It cannot promise never two.
 */
export const FACEBOOK_STRATEGIES = ['flip', 'single-post'] as const;
export type FacebookStrategy = (typeof FACEBOOK_STRATEGIES)[number];
