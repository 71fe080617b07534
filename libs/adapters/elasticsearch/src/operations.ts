import { type ConversationId, indexTokens, type MessageId } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';

/** A change of one document, in any index. */
export interface Operation {
  action: 'index' | 'delete';
  /** JSON of the action's fields except the index, without the outer braces. */
  header: string;
  /** The document as JSON; null: a removal. */
  source: string | null;
}

export function indexOperation(document: SearchDocument): Operation {
  const { messageId, conversationId, from, logs, sentAt, status, version } = document;
  // Elasticsearch refuses a whole document that contains half a surrogate pair.
  const text = document.text.toWellFormed();
  const version_type = 'external';
  return {
    action: 'index',
    header: fieldsOf({ _id: messageId, routing: conversationId, version, version_type }),
    source: JSON.stringify({
      messageId,
      conversationId,
      from,
      sentAt,
      status,
      text,
      // Named so since release 0.1, when each was a user's inbox.
      users: logs,
      words: indexTokens(text).join(' ').toWellFormed(),
    }),
  };
}

export function removeOperation(key: { conversationId: ConversationId; messageId: MessageId }): Operation {
  return {
    action: 'delete',
    header: fieldsOf({ _id: key.messageId, routing: key.conversationId }),
    source: null,
  };
}

/** An operation's lines in a bulk request. */
export function linesOf({ action, header, source }: Operation, index: string): string {
  const line = `{"${action}":{"_index":"${index}",${header}}}\n`;
  return source === null ? line : `${line}${source}\n`;
}

function fieldsOf(fields: object): string {
  return JSON.stringify(fields).slice(1, -1);
}

/** Bounds of one bulk request: operations, and UTF-16 units of their documents, at most three bytes each. */
const MAX_OPERATIONS = 2_000;
const MAX_UNITS = 1_500_000;

/** Splits into requests of bounded size, in order; a single operation is sent alone whatever its size. */
export function partsOf<T extends { operation: Operation }>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let units = 0;
  for (const item of items) {
    const size = item.operation.source?.length ?? 0;
    if (part.length > 0 && (part.length >= MAX_OPERATIONS || units + size > MAX_UNITS)) {
      parts.push(part);
      part = [];
      units = 0;
    }
    part.push(item);
    units += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
