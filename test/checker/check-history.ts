import { checkAbsence, checkNobodyWaits } from './checks/absence.ts';
import { checkAcks } from './checks/acks.ts';
import { checkNothingInvented, checkNothingMissing, checkNothingTwice } from './checks/kept.ts';
import { checkAnswers, checkOrder } from './checks/order.ts';
import { checkCaughtUp, checkConfirmations, checkPages } from './checks/pages.ts';
import { checkForward, checkLearned, checkNotTakenBack } from './checks/receipts.ts';
import { checkScreens, checkShownOnce } from './checks/screens.ts';
import { checkUnread } from './checks/unread.ts';
import type { History } from './history.ts';
import type { Absence, Outcome } from './outcome.ts';
import type { Violation } from './violation.ts';

export interface Evidence {
  history: History;
  absences: readonly Absence[];
  outcome: Outcome;
  /** How long a client takes at most to write down what it has shown, in ms. */
  writeDownMs: number;
}

/** Checks the recorded history and the final state against the contracts of the design. Empty: none is broken. */
export function checkHistory({ history, absences, outcome, writeDownMs }: Evidence): Violation[] {
  return [
    ...checkAcks(history),
    ...checkNothingMissing(history, outcome),
    ...checkNothingTwice(outcome),
    ...checkNothingInvented(history, outcome),
    ...checkOrder(history, outcome),
    ...checkAnswers(history, outcome),
    ...checkShownOnce(history, writeDownMs),
    ...checkScreens(history, outcome, writeDownMs),
    ...checkForward(history),
    ...checkLearned(history, outcome),
    ...checkNotTakenBack(history, outcome),
    ...checkUnread(outcome),
    ...checkAbsence(history, absences),
    ...checkNobodyWaits(outcome),
    ...checkPages(history, outcome),
    ...checkConfirmations(history, outcome),
    ...checkCaughtUp(outcome),
  ];
}
