/** What a blocked sender sees: a clear refusal, or what looks like a receiver who is offline. */
export const BLOCKED_SENDER_POLICIES = ['refuse', 'silence'] as const;
export type BlockedSenderPolicy = (typeof BLOCKED_SENDER_POLICIES)[number];
