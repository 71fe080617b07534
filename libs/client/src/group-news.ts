import type { ServerFrameOf } from '@chasqui/protocol';

/** A group as a list of conversations shows it; `head`: the last position of its log. */
export type GroupHead = ServerFrameOf<'groups'>['groups'][number];

/** Something that happened in a group. */
export type Notice = Omit<ServerFrameOf<'notice'>, 'type'>;
