import type { ReactionTexts } from './reactions-en.ts';

export const reactionsZh: ReactionTexts = {
  title: '表情回应',
  react: '回应',
  another: '用其他表情回应',
  counted: (emoji, count, mine) => `${emoji} ${count}${mine ? '，包括你' : ''}`,
  who: '谁回应了',
  all: '全部',
  nobody: '还没有人这样回应。',
};
