/** Texts about reactions to messages. The other languages have the same keys. */
export const reactionsEn = {
  title: 'Reactions',
  react: 'React',
  another: 'React with another emoji',
  /** What is read out of one emoji below a message. */
  counted: (emoji: string, count: number, mine: boolean) => `${emoji} ${count}${mine ? ', you among them' : ''}`,
  who: 'Who reacted',
  all: 'All',
  nobody: 'Nobody has reacted so.',
};

export type ReactionTexts = typeof reactionsEn;
