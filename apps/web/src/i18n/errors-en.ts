/** Error texts for the user. The other languages have the same keys. */
export const errorsEn = {
  /** By error code. */
  codes: {
    credentials_wrong: 'User id or password is wrong.',
    user_exists: 'This user id is taken. Is it yours? Then sign in.',
    user_disabled: 'This account has been disabled. An administrator can say why.',
    registration_disabled: 'Accounts are not made here.',
    unauthorized: 'Your session has ended. Sign in again.',
    token_invalid: 'Your session has ended. Sign in again.',
    token_expired: 'Your session has ended. Sign in again.',
    session_replaced: 'Chasqui is open in another window.',
    forged_sender: 'Somebody else has signed in here since this was written.',
    forbidden: 'You are not allowed to do this.',
    recipient_invalid: 'You cannot write to yourself, or this is no user id.',
    not_a_member: 'This is not a conversation of yours.',
    muted: 'You are muted in this group.',
    not_allowed: 'Your role in this group does not allow this.',
    group_full: 'The group has as many members as it may have.',
    too_many_groups: 'Somebody is in as many groups as one may be in.',
    link_invalid: 'This link has ended. Ask for a new one.',
    mention_invalid: 'Somebody cannot be mentioned here.',
    not_found: 'This is no longer there.',
    message_not_found: 'This message is no longer there.',
    action_refused: 'This message can no longer be changed.',
    recall_refused: 'This message can no longer be taken back.',
    invalid_request: 'Something that you entered is not allowed.',
    content_invalid: 'Something that you entered is not allowed.',
    content_too_large: 'This is too long or too large.',
    frame_too_large: 'This is too long or too large.',
    client_message_id_reused: 'The server has another message under the same number.',
    unprocessable: 'The server cannot keep this message, and will not be able to.',
    too_fast: 'Too many tries. Wait a moment.',
    not_addable: 'You cannot add them. Send them a link to the group instead.',
    user_erased: 'Somebody was erased and cannot be in a group any more.',
    blocked: 'One of you has blocked the other.',
    limit_reached: 'That is more than there can be.',
    connection_closed: 'The server does not answer. Try again in a moment.',
  },
  /** By the faulty field, where the user's input is refused. */
  fields: {
    userId: 'This is no user id: letters, digits and . _ @ + : | -, 64 at most.',
    password: 'A password has 8 to 256 characters.',
    displayName: 'This name is not allowed. A name has 1 to 64 characters that can be seen, and no hidden ones.',
    token: 'This is no e-mail address.',
    code: 'This code is wrong or too old.',
    quietHours: 'These quiet hours are not allowed.',
    q: 'This is too long to be searched for.',
  },
  noSuchUser: 'There is no such user, or no such request any more.',
  noMoreReactions:
    'No more emojis: you have added as many to this message as you may, or it has as many as it can have.',
  /** `when`: as in "in 3 minutes". */
  tooFast: (when: string) => `Too many tries. Try again ${when}.`,
  /** For errors where a retry does not help. */
  refused: (code: string) => `The server does not accept this, however often it is tried (${code}).`,
  /** For errors where a retry may help. */
  other: 'That did not work. Try again in a moment.',
};

export type ErrorTexts = typeof errorsEn;
