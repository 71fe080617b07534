import { contentKind, type MessageContent } from '@chasqui/domain';
import { commonKind, type FileKind } from './file-kind.ts';
import { isVoice } from './recording-type.ts';

/** What a message is called where its text is not shown. */
export type MessageKind = 'location' | 'contact' | 'voice' | FileKind;

export interface KindName {
  kind: MessageKind;
  /** Of files: how many; else 1. */
  count: number;
  /** Of one file: its name. */
  name?: string;
}

/** Undefined: it is a text, or nothing that the page knows. */
export function messageKind(content: MessageContent): KindName | undefined {
  const kind = contentKind(content);
  if (kind === 'location' || kind === 'contact') return { kind, count: 1 };
  const { attachments = [] } = content;
  const [first] = attachments;
  if (first === undefined) return undefined;
  const count = attachments.length;
  if (attachments.every(isVoice)) return { kind: 'voice', count };
  return { kind: commonKind(attachments), count, ...(count === 1 && { name: first.name }) };
}
