/** What a part of a server has used up to now. */
export interface Part {
  /** The parts of one name count together. */
  name: string;
  /** Not an engine that others wrote. */
  isOurs: boolean;
  cpuSeconds: number;
  residentMb: number;
}

/** A server that is watched from outside while it is under load. */
export interface Watched {
  parts(): Part[];
}
