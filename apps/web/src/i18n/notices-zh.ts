import type { NoticesTexts } from './notices-en.ts';

/** Simplified Chinese. */
export const noticesZh: NoticesTexts = {
  you: '你',
  youWithin: '你',
  somebody: '某人',
  created: ({ by }) => `${by}创建了群聊`,
  joined: ({ by, users, isAlone }) => (isAlone ? `${by}加入了群聊` : `${by}邀请${users}加入了群聊`),
  removed: ({ by, users }) => `${by}将${users}移出了群聊`,
  left: ({ by }) => `${by}退出了群聊`,
  owner: ({ by, users }) => `${by}将群主转让给${users}`,
  dissolved: ({ by }) => `${by}解散了群聊`,
  madeAdmin: ({ by, users }) => `${by}将${users}设为管理员`,
  madeMember: ({ by, users }) => `${by}取消了${users}的管理员身份`,
  muted: ({ by, users }, when) => `${by}禁言了${users}（${when}结束）`,
  unmuted: ({ by, users }) => `${by}解除了${users}的禁言`,
  named: ({ by }, name) => `${by}将群名称改为“${name}”`,
  described: ({ by }) => `${by}修改了群简介`,
  pictured: ({ by }) => `${by}修改了群头像`,
  settings: ({ by }) => `${by}修改了群设置`,
};
