/** What somebody who is blocked gets: a clear refusal, or the look of a receiver who is away. */
export const BLOCKED_SENDER_POLICIES = ['refuse', 'silence'] as const;
export type BlockedSenderPolicy = (typeof BLOCKED_SENDER_POLICIES)[number];
