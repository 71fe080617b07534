import { CHANGE_NAMES, type ChangeName, type GroupChange, SKIP_CODES } from '@chasqui/domain';
import Type, { type TSchema } from 'typebox';
import { count, settings, text, time, users } from './event-fields.ts';

const terms = {
  leftOut: Type.Optional(users),
  skipped: Type.Optional(Type.Array(Type.Object({ userId: text, code: Type.Enum([...SKIP_CODES]) }))),
  strangers: Type.Optional(users),
};

/** What each change of a group must have for `decideChange`. Texts were checked where they came in. */
const CHANGE_DETAILS: { readonly [N in ChangeName]: TSchema } = {
  create: Type.Object({
    name: text,
    description: Type.String(),
    picture: Type.String(),
    settings,
    members: users,
    ...terms,
  }),
  update: Type.Object({
    name: Type.Optional(text),
    description: Type.Optional(Type.String()),
    picture: Type.Optional(Type.String()),
    settings: Type.Optional(settings),
  }),
  add: Type.Object({ users, ...terms }),
  remove: Type.Object({ users }),
  leave: Type.Object({}),
  join: Type.Object({ linkId: text }),
  approve: Type.Object({ users }),
  decline: Type.Object({ users }),
  role: Type.Object({ userId: text, role: Type.Enum(['admin', 'member']) }),
  transfer: Type.Object({ userId: text }),
  mute: Type.Object({ userId: text, until: time }),
  link: Type.Object({ linkId: text, expiresAt: time, uses: Type.Union([count, Type.Null()]) }),
  unlink: Type.Object({ linkId: text }),
  dissolve: Type.Object({}),
};

/** A change of a group, as its event has it. */
export const ChangeSchema = Type.Unsafe<GroupChange>(
  Type.Union(
    CHANGE_NAMES.map((name) =>
      Type.Object({
        change: Type.Literal(name),
        conversationId: text,
        changeId: text,
        by: text,
        at: time,
        details: CHANGE_DETAILS[name],
      }),
    ),
  ),
);
