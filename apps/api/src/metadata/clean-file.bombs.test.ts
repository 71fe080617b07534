import { expect, test } from 'vitest';
import { box, chunk, fileOf, numbers } from '../testing/file-parts.ts';
import { cleaningOf } from './clean-file.ts';

const MIB = 1024 * 1024;

function repeated(head: Buffer, unit: Buffer, times: number): Buffer {
  return Buffer.concat([head, Buffer.alloc(times * unit.length, unit)]);
}

const GIF = Buffer.from('GIF89a\x03\0\x02\0\0\0\0', 'latin1');
const FRAME = numbers(0x2c, 0, 0, 0, 0, 3, 0, 2, 0, 0, 2, 3, 1, 2, 3, 0);
const COMMENT = numbers(0x21, 0xfe, 0);
const CONTROL = numbers(0x21, 0xf9, 0);

test('C16: a file whose metadata is in hundreds of thousands of places is refused, as all of them are kept in memory', async () => {
  const gif = (times: number) => repeated(Buffer.concat([GIF, FRAME]), Buffer.concat([COMMENT, CONTROL]), times);
  expect(await cleaningOf(fileOf(gif(90_000)), 'image/gif')).toHaveLength(90_000);
  expect(await cleaningOf(fileOf(gif(110_000)), 'image/gif')).toBeNull();

  const segments = repeated(numbers(0xff, 0xd8), numbers(0xff, 0xc0, 0, 2, 0xff, 0xfe, 0, 2), 110_000);
  expect(await cleaningOf(fileOf(segments), 'image/jpeg')).toBeNull();

  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', 'thirteen byte')]);
  const chunks = repeated(png, Buffer.concat([chunk('IDAT', ''), chunk('tEXt', '')]), 110_000);
  expect(await cleaningOf(fileOf(chunks), 'image/png')).toBeNull();
});

test('C16: a file of millions of parts is not read to its end', async () => {
  const parts = repeated(Buffer.concat([GIF, FRAME]), CONTROL, 5_000_000);
  expect(await cleaningOf(fileOf(parts), 'image/gif')).toBeNull();
});

/** A HEIC whose Exif is said to be so many bytes from its beginning on, so many times. */
function heic(times: number, bytes: number): Buffer {
  const infe = box('infe', numbers(2, 0, 0, 0, 0, 1, 0, 0), 'Exif');
  const iinf = box('iinf', numbers(0, 0, 0, 0, 0, 1), infe);
  const extent = Buffer.alloc(8);
  extent.writeUInt32BE(bytes, 4);
  const head = numbers(0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, times >> 8, times & 255);
  const iloc = box('iloc', head, Buffer.alloc(8 * times, extent));
  return Buffer.concat([
    box('ftyp', 'heic'),
    box('meta', numbers(0, 0, 0, 0), iinf, iloc),
    box('mdat', Buffer.alloc(bytes)),
  ]);
}

test('C16: a file that names the same bytes again and again is refused: each time would be written out', async () => {
  expect(await cleaningOf(fileOf(heic(1, MIB)), 'image/heic')).toHaveLength(1);
  expect(await cleaningOf(fileOf(heic(2, MIB)), 'image/heic')).toBeNull();
  expect(await cleaningOf(fileOf(heic(2_000, 16 * MIB)), 'image/heic')).toBeNull();
});
