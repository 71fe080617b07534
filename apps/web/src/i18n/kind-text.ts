import type { KindName } from '../model/files/message-kind.ts';
import type { FilesTexts } from './files-en.ts';

/** What a message without a text is, in words: `Photo`, `3 photos`, a file's name. */
export function kindText({ kinds, several }: FilesTexts, { kind, count, name }: KindName): string {
  if (count > 1) return several[kind](count);
  return kind === 'file' && name !== undefined ? name : kinds[kind];
}
