import { expect, test } from 'vitest';
import { isVoice, recordedFile, recordingType } from './recording-type.ts';

test('the first type that the browser records', () => {
  expect(recordingType(() => true)).toBe('audio/webm;codecs=opus');
  expect(recordingType((type) => type === 'audio/mp4')).toBe('audio/mp4');
  expect(recordingType(() => false)).toBeUndefined();
});

test('a recording is a file whose name says that it is a voice', () => {
  const bytes = new Blob(['x'], { type: 'audio/webm;codecs=opus' });
  const file = recordedFile(bytes, new Date('2026-11-30T16:05:09Z'));
  expect([file.name, file.type]).toEqual(['voice-2026-11-30-16-05-09.webm', 'audio/webm']);
  expect(isVoice(file)).toBe(true);
});

test.each([
  ['voice-over.mp3', 'audio/mpeg'],
  ['voice-2026-11-30.pdf', 'application/pdf'],
  ['song.ogg', 'audio/ogg'],
])('%s is no voice', (name, type) => expect(isVoice({ name, type })).toBe(false));
