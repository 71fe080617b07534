/** The resources that a part of a server has used so far. */
export interface Part {
  /** Parts with the same name are summed. */
  name: string;
  /** One of our processes, not a third-party engine. */
  isOurs: boolean;
  cpuSeconds: number;
  residentMb: number;
}

/** A server that is observed from outside while it is under load. */
export interface Watched {
  parts(): Part[];
}
