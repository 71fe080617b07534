import type { GroupsTexts } from './groups-en.ts';

/** Simplified Chinese. */
export const groupsZh: GroupsTexts = {
  group: '群聊',
  members: (count) => `${count} 位成员`,
  isTyping: (name) => `${name} 正在输入…`,
  beginning: (name) => `“${name}”从这里开始。`,
  about: (name) => `群聊“${name}”的资料`,
  recalled: '这条消息已被撤回。',
  notMember: '你不是该群的成员。',
  onlyAdmins: '只有管理员可以发言。',
  mutedUntil: (when) => `你已被禁言，${when}可再发言。`,
  mentions: (count) => `${count} 条消息提到了你`,
};
