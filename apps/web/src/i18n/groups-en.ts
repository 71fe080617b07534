/** Texts about groups. The other languages have the same keys. */
export const groupsEn = {
  group: 'Group',
  members: (count: number) => (count === 1 ? '1 member' : `${count} members`),
  isTyping: (name: string) => `${name} is typing…`,
  beginning: (name: string) => `This is the beginning of ${name}.`,
  about: (name: string) => `About the group ${name}`,
  recalled: 'This message was taken back.',
  notMember: 'You are not a member of this group.',
  onlyAdmins: 'Only admins write here.',
  mutedUntil: (when: string) => `You may write here again ${when}.`,
  mentions: (count: number) => (count === 1 ? '1 message mentions you' : `${count} messages mention you`),
};

export type GroupsTexts = typeof groupsEn;
