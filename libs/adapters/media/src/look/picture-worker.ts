// The program that decodes pictures, alone in its process: a line of its input is a job, a line of its output the answer.
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { AnySize, PictureAnswer, PictureJob } from './picture-job.ts';

/** Of the picture of which a ThumbHash is made. */
const HASHED_SIDE = 100;
const QUALITY = { 128: 78, 320: 70, 512: 78, 1280: 78 } as const;
/** Decoders of formats that browsers show; all others are off. */
const DECODERS = [
  'VipsForeignLoadJpeg',
  'VipsForeignLoadPng',
  'VipsForeignLoadWebp',
  'VipsForeignLoadNsgif',
  'VipsForeignLoadHeif',
];

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: DECODERS });

async function look({ path, maxPixels, sizes, shape }: PictureJob<AnySize>): Promise<PictureAnswer> {
  const picture = sharp(path, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true });
  const { width: storedWidth, height: storedHeight, autoOrient, pages = 1 } = await picture.metadata();
  // Of what has several pictures stored one below the other, the first.
  const { width, height } = autoOrient ?? { width: storedWidth, height: storedHeight };
  if (width * height > maxPixels) return { omitted: 'too_large' };
  const longest = Math.max(width, height);
  // Decoded once, to the largest of what is needed.
  const isSquare = shape === 'squares';
  const largest = Math.min(Math.max(...sizes), isSquare ? Math.min(width, height) : longest);
  const base = await picture
    .autoOrient()
    .resize({ width: largest, height: largest, fit: isSquare ? 'cover' : 'inside' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const small = () => sharp(base.data, { raw: base.info });
  const thumbnails = [];
  for (const size of sizes) {
    const isSmaller = longest <= size && !(shape === 'poster' && size === sizes[0]);
    if (isSmaller && !isSquare) continue;
    const resized = small().resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true });
    const bytes = await resized.webp({ quality: QUALITY[size], effort: 2 }).toBuffer();
    thumbnails.push({ size, base64: bytes.toString('base64') });
  }
  const hashed = await small()
    .resize({ width: HASHED_SIDE, height: HASHED_SIDE, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const hash = rgbaToThumbHash(hashed.info.width, hashed.info.height, hashed.data);
  return { width, height, pages, thumbHash: Buffer.from(hash).toString('base64'), thumbnails };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await look(JSON.parse(line)).catch((error: Error) => {
    const isTooLarge = /pixel limit/i.test(error.message);
    return { omitted: isTooLarge ? 'too_large' : 'unreadable', message: error.message.slice(0, 200) };
  });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
