import { attachmentIdsOf, defined, type StoredMessage } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import type { LineOf } from '../imports/import-lines.ts';

/** The files of messages, as lines before theirs: whose they are, their sums, and where a key with `files:read` reads them. */
export async function fileLines(
  { attachments }: Pick<ApiContext, 'attachments'>,
  messages: readonly StoredMessage[],
): Promise<LineOf<'file'>[]> {
  const places = new Map<string, StoredMessage>();
  for (const message of messages) {
    if (message.recalledAt !== undefined) continue;
    for (const id of attachmentIdsOf(message.content)) if (!places.has(id)) places.set(id, message);
  }
  if (places.size === 0) return [];
  const rows = await attachments.get([...places.keys()]);
  return rows.flatMap((row) => {
    const carrier = row === null ? undefined : places.get(row.id);
    if (row?.state !== 'ready' || carrier === undefined) return [];
    const { id, owner, name, type: mediaType, size, sha256, media } = row;
    const conversation = encodeURIComponent(carrier.conversationId);
    const url = `/api/server/conversations/${conversation}/messages/${carrier.messageId}/attachments/${id}`;
    return [{ type: 'file', id, owner, name, mediaType, size, sha256, ...defined({ media }), url } as const];
  });
}
