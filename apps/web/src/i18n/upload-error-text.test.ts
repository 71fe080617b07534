import { ImError } from '@chasqui/client';
import { expect, test } from 'vitest';
import { filesEn } from './files-en.ts';
import { uploadErrorText } from './upload-error-text.ts';

const { refusals } = filesEn;
const told = (error: unknown) => uploadErrorText(filesEn, 'en', error, () => 'other');
const wait = { retryAfterMs: 20 * 60_000 };

test.each([
  [new ImError('invalid_request', 'size must be <= 10', { field: 'size' }), refusals.tooLarge],
  [new ImError('attachment_invalid', 'the server refused the file: checksum_wrong'), refusals.checksum],
  [new ImError('attachment_invalid', 'the server refused the file: infected'), refusals.infected],
  [new ImError('attachment_invalid', 'the server refused the file: not_scanned'), refusals.refused],
  [new ImError('limit_reached', 'open uploads'), refusals.tooManyOpen],
  [new ImError('too_fast', 'bytes of an hour', wait), refusals.tooMuch('in 20 minutes')],
  [new ImError('too_fast', 'bytes of an hour'), refusals.tooMuch('in 1 hour')],
  [new ImError('store_unavailable', 'no room'), refusals.notNow],
  [new ImError('forbidden', 'no files here'), refusals.noFiles],
  [ImError.from(new DOMException('gone', 'NotReadableError')), refusals.unreadable],
  [new ImError('connection_closed', 'away'), 'other'],
])('%s', (error, text) => expect(told(error)).toBe(text));
