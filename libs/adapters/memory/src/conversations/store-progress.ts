import type { HybridClock } from '@chasqui/domain';
import type { ProgressWitness, StoreProgress } from '@chasqui/ports';
import type { KeptConversations } from './kept-conversations.ts';

/** The progress of conversations in memory: every call advances it. Setting `state.progress` back acts as a restore. */
export function createMemoryStoreProgress(state: KeptConversations, ids: HybridClock): StoreProgress {
  return {
    storeId: async () => state.epoch,
    async advance(storeId, witnessed) {
      if (storeId !== state.epoch) return null;
      const wentBack = state.progress < witnessed;
      if (wentBack) state.epoch = ids.next();
      state.progress = Math.max(state.progress, witnessed) + 1;
      return { storeId: state.epoch, count: state.progress, wentBack };
    },
  };
}

/** `counts`: store → its highest count. It outlives the witnesses that are opened on it. */
export function createMemoryProgressWitness(counts: Map<string, number>): ProgressWitness {
  return {
    witnessed: async (storeId) => counts.get(storeId) ?? 0,
    async remember(storeId, count) {
      counts.set(storeId, Math.max(counts.get(storeId) ?? 0, count));
    },
  };
}
