import { attachmentIdsOf, type Clock, type HeldMessage, HOLD_LIMITS, holderOfHold } from '@chasqui/domain';
import type { HoldStore } from '@chasqui/ports';
import { AttachmentTable } from '../attachments/attachment-table.ts';

export interface MemoryHoldsOptions {
  /** Those that held messages carry. Default: none. */
  attachments?: AttachmentTable;
  clock?: Pick<Clock, 'now'>;
}

/** Legal holds in memory, for tests and simulations. */
export function createMemoryHolds({ attachments = new AttachmentTable(), clock }: MemoryHoldsOptions = {}): HoldStore {
  const { holds } = attachments;
  const kept = new Map<string, HeldMessage>();
  const keptFor = (holdId: string) => {
    const own = [...kept].filter(([, message]) => message.holdId === holdId);
    return own.sort(([, a], [, b]) => (a.messageId < b.messageId ? -1 : 1));
  };
  return {
    async place(hold) {
      if (holds.has(hold.holdId)) return true;
      if (holds.size >= HOLD_LIMITS.maxHolds) return false;
      holds.set(hold.holdId, { ...hold });
      return true;
    },
    async get(holdId) {
      const hold = holds.get(holdId);
      return hold === undefined ? null : { ...hold };
    },
    async list() {
      const all = [...holds.values()].map((hold) => ({ ...hold }));
      return all.sort((a, b) => a.placedAt - b.placedAt || (a.holdId < b.holdId ? -1 : 1));
    },
    async keep(messages) {
      for (const message of messages) {
        const key = `${message.holdId} ${message.messageId}`;
        if (!holds.has(message.holdId) || kept.has(key)) continue;
        kept.set(key, structuredClone(message));
        attachments.refer(attachmentIdsOf(message.content), holderOfHold(message.holdId), message.messageId);
      }
    },
    async kept(holdId, { after = '', limit }) {
      const own = keptFor(holdId).map(([, message]) => structuredClone(message));
      return own.filter(({ messageId }) => messageId > after).slice(0, limit);
    },
    async release(holdId, limit) {
      const own = keptFor(holdId);
      for (const [key, { messageId }] of own.slice(0, limit)) {
        kept.delete(key);
        attachments.drop(holderOfHold(holdId), messageId, clock?.now() ?? 0);
      }
      if (own.length > limit) return false;
      attachments.drop(holderOfHold(holdId), '', clock?.now() ?? 0);
      holds.delete(holdId);
      return true;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
