import {
  CONTACT_STATES,
  type ContactState,
  MAX_NAME_LENGTH,
  NAME_RULE,
  namePattern,
  PUSH_PROVIDERS,
  type PushProvider,
} from '@chasqui/domain';
import Type from 'typebox';

export const DisplayNameField = Type.String({
  minLength: 1,
  maxLength: MAX_NAME_LENGTH,
  pattern: namePattern(),
  'x-rule': NAME_RULE,
  description:
    'The name that others see: at least one visible character, no control characters, no characters that change the text direction.',
});

export const LanguageField = Type.String({
  maxLength: 35,
  pattern: '^(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?$',
  'x-rule': 'be empty, or a language tag of BCP 47',
  description: 'A BCP 47 language tag; empty: unset.',
});
export const ProviderField = Type.Unsafe<PushProvider>(Type.String({ enum: [...PUSH_PROVIDERS] }));
export const ContactStateField = Type.Unsafe<ContactState>(
  Type.String({
    enum: [...CONTACT_STATES],
    description: '`outgoing`: you asked. `incoming`: the other asked. `contact`: both agreed.',
  }),
);
