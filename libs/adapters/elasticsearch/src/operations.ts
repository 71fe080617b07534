import { type ConversationId, indexTokens, type MessageId } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';

/** What is to happen to one document, whichever index it goes to. */
export interface Operation {
  action: 'index' | 'delete';
  /** JSON of the action's fields but the index, without the outer braces. */
  header: string;
  /** The document as JSON; null for a removal. */
  source: string | null;
}

export function indexOperation(document: SearchDocument): Operation {
  const { messageId, conversationId, from, users, sentAt, status, version } = document;
  // Half a character is no JSON to Elasticsearch, which would refuse the whole document.
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
      users,
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

/** Of one bulk request: operations, and UTF-16 units of their documents, which are three bytes each at most. */
const MAX_OPERATIONS = 2_000;
const MAX_UNITS = 1_500_000;

/** Parts that make a request of bounded size each, in order; a lone operation makes one whatever its size. */
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
