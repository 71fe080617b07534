import type { FileBytes, FileEdit } from '@chasqui/ports';
import { bmffEdits } from './bmff.ts';
import type { Edits } from './edits.ts';
import { gifEdits } from './gif.ts';
import { jpegEdits } from './jpeg.ts';
import { pngEdits } from './png.ts';
import { TooManyParts } from './too-many-parts.ts';
import { webpEdits } from './webp.ts';

type Cleaner = (file: FileBytes) => Promise<Edits | null>;

const picture: Cleaner = (file) => bmffEdits(file, true);
const film: Cleaner = (file) => bmffEdits(file, false);
/** Nothing takes the metadata out of such a file. */
const never: Cleaner = async () => null;

const CLEANERS: { readonly [type: string]: Cleaner } = {
  'image/jpeg': jpegEdits,
  'image/png': pngEdits,
  'image/webp': webpEdits,
  'image/gif': gifEdits,
  'image/avif': picture,
  'image/heic': picture,
  'image/tiff': never,
  'video/mp4': film,
  'video/quicktime': film,
  'audio/mp4': film,
};

/**
 * What has to change in a file of this type so that it says nothing beside what is to be seen and heard in it: no place,
 * no time, no device. Pixels, colours, orientation and animation stay as they are; nothing is decoded. Null: it cannot
 * be done, as the file is damaged, of a kind that is not known, or of more parts than an honest one.
 */
export async function cleaningOf(file: FileBytes, type: string): Promise<readonly FileEdit[] | null> {
  const clean = CLEANERS[type];
  if (clean === undefined) return [];
  try {
    const edits = await clean(file);
    return edits?.isApart ? edits.list : null;
  } catch (error) {
    if (error instanceof TooManyParts) return null;
    throw error;
  }
}
