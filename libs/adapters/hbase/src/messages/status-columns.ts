/** Where one member's status is kept: a column of rank and, for each rank, one of the step that led to it. */
export interface StatusColumns {
  rank: string;
  step(rank: number): string;
}
