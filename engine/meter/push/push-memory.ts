/** What a meter remembers of its pushes. */
export interface PushMemory {
  /** Notifications sent so far: their long-invoke-ids count on from here. */
  sent: number;
}
