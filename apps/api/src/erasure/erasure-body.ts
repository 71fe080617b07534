import { defined, type Erasure } from '@chasqui/domain';
import { TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';

export const MessagesField = Type.Unsafe<'keep' | 'erase'>(
  Type.String({ enum: ['keep', 'erase'], description: 'Whether their messages are deleted for everybody too.' }),
);

export const ErasureBody = Type.Object(
  {
    userId: UserIdField,
    messages: MessagesField,
    state: Type.Unsafe<'running' | 'done'>(Type.String({ enum: ['running', 'done'] })),
    requestedAt: TimeField,
    doneAt: Type.Optional({ ...TimeField, description: 'Absent: it is running.' }),
  },
  { description: 'The erasure of a user.' },
);

export function shownErasure({ userId, erasesMessages, requestedAt, doneAt }: Erasure) {
  return {
    userId,
    messages: erasesMessages ? ('erase' as const) : ('keep' as const),
    state: doneAt > 0 ? ('done' as const) : ('running' as const),
    requestedAt,
    ...defined({ doneAt: doneAt || undefined }),
  };
}
