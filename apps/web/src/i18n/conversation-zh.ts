import type { ConversationTexts } from './conversation-en.ts';

/** Simplified Chinese. */
export const conversationZh: ConversationTexts = {
  menu: '会话操作',
  pin: '置顶',
  unpin: '取消置顶',
  pinned: '已置顶',
  silence: '消息免打扰',
  mentionsOnly: '仅在提到我时提醒',
  unsilence: '恢复提醒',
  silent: '免打扰',
  markUnread: '标为未读',
  markedUnread: '已标为未读',
  hide: '不显示，直到有新消息',
  archive: '归档',
  unarchive: '取消归档',
  archived: (count) => `已归档（${count}）`,
  fromArchive: '返回会话列表',
  clear: '清空聊天记录',
  clearSure: '确定清空（仅对自己）',
  draft: '草稿：',
};
