/** The channels on which we have an account, that can be looked at. */
export const ACCOUNT_CHANNELS = ['facebook', 'instagram'] as const;
export type AccountChannel = (typeof ACCOUNT_CHANNELS)[number];

/** Somewhere alerts go. */
export const CHANNELS = [...ACCOUNT_CHANNELS, 'meta-partner'] as const;
export type ChannelName = (typeof CHANNELS)[number];
