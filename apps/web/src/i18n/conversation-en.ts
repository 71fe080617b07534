/** Texts about what the user sets in a conversation. The other languages have the same keys. */
export const conversationEn = {
  menu: 'What to do with this conversation',
  pin: 'Pin',
  unpin: 'Unpin',
  pinned: 'pinned',
  silence: 'Do not disturb',
  mentionsOnly: 'Only mentions disturb',
  unsilence: 'Notify again',
  silent: 'does not disturb',
  markUnread: 'Mark unread',
  markedUnread: 'marked unread',
  hide: 'Hide until the next message',
  archive: 'Archive',
  unarchive: 'Out of the archive',
  archived: (count: number) => `Archive (${count})`,
  fromArchive: 'Back to the conversations',
  clear: 'Clear for me',
  clearSure: 'Yes, clear it for me',
  draft: 'Draft:',
};

export type ConversationTexts = typeof conversationEn;
