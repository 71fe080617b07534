import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Limits that let groups of any size and speed through, which a bench of groups gives to its server. */
export const GROUP_LIMITS = { maxGroupMembers: 200_000, groupMessagesPerSecond: 100_000, groupMessageBurst: 200_000 };

const RAISE_LIMITS = pathToFileURL(join(import.meta.dirname, 'raise-limits.ts'));

/** The environment in which an app that is a process of its own has these limits. */
export const WITH_GROUP_LIMITS = { NODE_OPTIONS: `--import=${RAISE_LIMITS.href}` };
