/** Fields that an event of any type may have (docs/adr/0030-events-of-newer-versions.md). */
export interface EventEnvelope {
  /**
   * The format of the event's type, from 1. Absent: 1. A process that does not know the format leaves the event to
   * newer processes.
   */
  v?: number;
  /** Unix ms of the first publish, if a process that does not know the event has put it back since. */
  firstPublishedAt?: number;
}
