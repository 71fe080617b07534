import { type GroupChange, publicIdOf } from '@chasqui/domain';

/** The format of message events in groups, which releases up to 0.1 do not know. All others have format 1. */
export const GROUP_MESSAGE_FORMAT = 2;

/**
 * The format of messages with attachments, which releases up to 0.1 do not know: they would record no reference, and the
 * files would be collected.
 */
export const ATTACHMENTS_FORMAT = 3;

/**
 * The format of changes of groups that name a picture of this server, which older processes do not know: they would not
 * show it, and it would be collected.
 */
export const PICTURE_CHANGE_FORMAT = 2;

/** Of the event of a change. */
export function groupEventFormat({ details }: Pick<GroupChange, 'details'>): number {
  return 'picture' in details && publicIdOf(details.picture ?? '') !== null ? PICTURE_CHANGE_FORMAT : 1;
}

/** The format of actions by the system: an older process would take them for forged, and must leave them to a newer one. */
export const SYSTEM_ACTION_FORMAT = 2;

/** The format of edits that mention users: an older process would mention nobody, and must leave them to a newer one. */
export const EDIT_MENTIONS_FORMAT = 2;
