import type { AttachmentStore } from '@chasqui/ports';
import type { Caller } from '../../worker-link/caller.ts';
import type { AttachmentOperations } from './attachment-operations.ts';

/** `AttachmentStore` over a caller of the store worker. */
export function createAttachmentStore(
  store: Caller<AttachmentOperations & { ping(args: null): null }>,
): AttachmentStore {
  return {
    async reserve(attachment) {
      await store.call('attachments.reserve', attachment);
    },
    get: async (ids) => (ids.length === 0 ? [] : store.call('attachments.get', ids)),
    settle: (id, outcome, at) => store.call('attachments.settle', [id, outcome, at]),
    attached: (id, message) => store.call('attachments.attached', [id, message]),
    pictured: (publicId) => store.call('attachments.pictured', publicId),
    abandon: (owner, ids) => store.call('attachments.abandon', [owner, ids]),
    due: (now, limit) => store.call('attachments.due', [now, limit]),
    async strike(ids) {
      await store.call('attachments.strike', ids);
    },
    page: (after, limit) => store.call('attachments.page', [after, limit]),
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
