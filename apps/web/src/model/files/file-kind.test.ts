import { expect, test } from 'vitest';
import { commonKind, fileKind, heldType, kindOfType } from './file-kind.ts';

const file = (type: string, media = {}) => ({ id: '0'.repeat(32), name: 'x', size: 1, type, media });

test.each([
  ['image/png', 'picture'],
  ['image/avif', 'picture'],
  ['video/mp4', 'video'],
  ['audio/ogg', 'sound'],
  ['image/svg+xml', 'file'],
  ['text/html', 'file'],
  ['image/heic', 'file'],
  ['application/pdf', 'file'],
  ['image/png;x=<script>', 'file'],
])('%s is shown as a %s', (type, kind) => expect(kindOfType(type)).toBe(kind));

test('what the server could not look into is only saved, unless it looks into nothing', () => {
  expect(fileKind(file('image/png', { omitted: 'unreadable' }))).toBe('file');
  expect(fileKind(file('image/png', { omitted: 'too_large' }))).toBe('file');
  expect(fileKind(file('image/png', { omitted: 'unavailable' }))).toBe('picture');
});

test('bytes that a browser would run have no type in this page', () => {
  expect(heldType('text/html')).toBe('application/octet-stream');
  expect(heldType('image/svg+xml')).toBe('application/octet-stream');
  expect(heldType('image/png')).toBe('image/png');
});

test('files of several kinds are files', () => {
  expect(commonKind([file('image/png'), file('image/gif')])).toBe('picture');
  expect(commonKind([file('image/png'), file('video/mp4')])).toBe('file');
});
