import { LARGEST_SIDE } from '@chasqui/domain';

/** Twice what is shown, so that the server's square is sharp. */
const MAX_SIDE = 2 * LARGEST_SIDE;
const QUALITY = 0.9;

/** The middle of a picture as a square, without the metadata of the camera. Null: the browser cannot decode it. */
export async function squarePicture(file: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) return null;
  const { width, height } = bitmap;
  const from = Math.min(width, height);
  const side = Math.min(from, MAX_SIDE);
  const canvas = new OffscreenCanvas(side, side);
  canvas.getContext('2d')?.drawImage(bitmap, (width - from) / 2, (height - from) / 2, from, from, 0, 0, side, side);
  bitmap.close();
  // What is transparent stays so.
  const type = /^image\/(?:jpeg|heic)$/.test(file.type) ? 'image/jpeg' : 'image/webp';
  return await canvas.convertToBlob({ type, quality: QUALITY });
}
