import { ATTACHMENT_LIMITS, type MediaFacts } from '@chasqui/domain';
import { newKey } from '../new-key.ts';

/** A file that the user has chosen, and not sent yet. */
export interface ChosenFile {
  key: string;
  file: File;
  /** What the page has measured of it. */
  media?: MediaFacts;
}

/** Why some of the given files were not taken. */
export type ChosenFault = 'empty' | 'tooMany';

export interface ChosenFiles {
  files: readonly ChosenFile[];
  fault?: ChosenFault;
}

/** Adds files to those of one message. Folders, which browsers give as files of no bytes, are not taken. */
export function withFiles(known: readonly ChosenFile[], given: readonly File[]): ChosenFiles {
  const filled = given.filter(({ size }) => size > 0);
  const all = [...known, ...filled.map((file) => ({ key: newKey(), file }))];
  const files = all.slice(0, ATTACHMENT_LIMITS.maxPerMessage);
  if (files.length < all.length) return { files, fault: 'tooMany' };
  return filled.length < given.length ? { files, fault: 'empty' } : { files };
}
