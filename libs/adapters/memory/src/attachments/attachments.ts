import { ATTACHMENT_LIMITS, ImError } from '@chasqui/domain';
import type { AttachmentStore } from '@chasqui/ports';
import type { AttachmentTable } from './attachment-table.ts';

/** The ledger of attachments in memory, for tests and simulations. */
export function createMemoryAttachments(table: AttachmentTable): AttachmentStore {
  const all = () => [...table.kept.values()];
  const unused = () =>
    all().filter(({ attachment, references }) => attachment.state !== 'due' && references.size === 0);
  const shown = (id: string) => {
    const one = table.kept.get(id);
    return one === undefined ? null : { ...one.attachment };
  };
  return {
    async reserve(attachment) {
      if (table.kept.has(attachment.id)) return;
      const open = all().filter(
        ({ attachment: { owner, state } }) => owner === attachment.owner && state === 'uploading',
      );
      const { maxOpenUploads, uploadMs } = ATTACHMENT_LIMITS;
      if (open.length >= maxOpenUploads)
        throw new ImError('limit_reached', `your open uploads: at most ${maxOpenUploads}`);
      const dueAt = attachment.reservedAt + uploadMs;
      table.kept.set(attachment.id, {
        attachment: { ...attachment, state: 'uploading' },
        references: new Set(),
        dueAt,
      });
    },
    get: async (ids) => ids.map(shown),
    async settle(id, outcome, at) {
      const one = table.kept.get(id);
      if (one?.attachment.state === 'uploading') {
        const { media: _, ...kept } = one.attachment;
        const { stored, ...told } = { stored: undefined, ...outcome };
        one.attachment = { ...kept, ...told, ...(stored && { ...stored, isCleaned: true as const }) };
        one.dueAt = outcome.state === 'ready' ? at + ATTACHMENT_LIMITS.unusedMs : at;
      }
      return shown(id);
    },
    attached: async (id, { conversationId, messageId }) =>
      table.has(id, conversationId, messageId) ? shown(id) : null,
    async pictured(publicId) {
      const one = table.pictured(publicId);
      return one === undefined ? null : { attachment: { ...one.attachment }, isShown: table.isShown(one) };
    },
    async abandon(owner, ids) {
      const own = unused().filter(({ attachment: { id } }) => ids === 'all' || ids.includes(id));
      const abandoned = own.filter(({ attachment }) => attachment.owner === owner);
      for (const one of abandoned) one.attachment.state = 'due';
      return abandoned.length;
    },
    async due(now, limit) {
      for (const one of unused()) if (one.dueAt <= now) one.attachment.state = 'due';
      const due = all().filter(({ attachment }) => attachment.state === 'due');
      return due.slice(0, limit).map(({ attachment }) => attachment.id);
    },
    async strike(ids) {
      for (const id of ids) if (table.kept.get(id)?.attachment.state === 'due') table.kept.delete(id);
    },
    async page(after, limit) {
      const ids = [...table.kept.keys()].filter((id) => id > after).sort();
      return ids.slice(0, limit).flatMap((id) => shown(id) ?? []);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
