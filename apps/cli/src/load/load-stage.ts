/** How far a message is: acks and receipt at the sender, the message itself at the receiver. */
export const LOAD_STAGES = ['queued', 'stored', 'received', 'delivered'] as const;
export type LoadStage = (typeof LOAD_STAGES)[number];

export const BIT_OF = { queued: 1, stored: 2, received: 4, delivered: 8 } as const satisfies {
  [S in LoadStage]: number;
};
