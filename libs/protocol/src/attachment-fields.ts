import { ATTACHMENT_ID_PATTERN, ATTACHMENT_LIMITS } from '@chasqui/domain';
import Type from 'typebox';

export const AttachmentIdField = Type.String({
  examples: ['0f3c8a5e9b1d47260f3c8a5e9b1d4726'],
  pattern: ATTACHMENT_ID_PATTERN,
  description: 'Of an attachment: 32 hexadecimal digits.',
});
export const AttachmentNameField = Type.String({
  examples: ['sea.png'],
  minLength: 1,
  maxLength: ATTACHMENT_LIMITS.maxNameLength,
  // Neither a path nor characters that make a name look like another one. Joiners stay: emojis and scripts need them.
  pattern:
    '^(?![\\s.]*$)[^\\u0000-\\u001f\\u007f-\\u009f/\\\\\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]*$',
  'x-rule':
    'be a name, without slashes, control characters, line ends, marks of direction and characters that are not seen',
  description: 'The name of a file, without a path.',
});
export const MediaTypeField = Type.String({
  examples: ['image/png'],
  maxLength: 128,
  pattern: '^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$',
  'x-rule': 'be a media type in small letters, without parameters',
  description: 'A media type.',
});
