import type { AttachedFile } from '@chasqui/domain';
import { mediaOf } from './file-media.ts';

export const FILE_KINDS = ['picture', 'video', 'sound', 'file'] as const;
/** How the page shows a file. */
export type FileKind = (typeof FILE_KINDS)[number];

/** What browsers show without running anything in it: SVG and HTML are not among them. */
const PICTURES = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
const PLAYED = /^(audio|video)\/[a-z0-9-]+$/;

/** The kind that a media type stands for. */
export function kindOfType(type: string): FileKind {
  if (PICTURES.test(type)) return 'picture';
  const [, medium] = PLAYED.exec(type) ?? [];
  return medium === 'audio' ? 'sound' : medium === 'video' ? 'video' : 'file';
}

/** Something that the server could not look into may be made to harm whoever decodes it: it is only saved. */
export function fileKind(file: AttachedFile): FileKind {
  const { omitted } = mediaOf(file);
  return omitted === undefined || omitted === 'unavailable' ? kindOfType(file.type) : 'file';
}

/**
 * The type under which the page holds the bytes. An address of the page's own (`blob:`) is of its origin, so that HTML
 * or SVG that is opened there could act as the user: all that is not shown has no type.
 */
export function heldType(type: string): string {
  return kindOfType(type) === 'file' ? 'application/octet-stream' : type;
}

/** The kind that all of a message's files have; `file` if they differ. */
export function commonKind(files: readonly AttachedFile[]): FileKind {
  const [first = 'file', ...others] = new Set(files.map(fileKind));
  return others.length === 0 ? first : 'file';
}
