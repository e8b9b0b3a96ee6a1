/** Pushes of an emulator since its start. Plain JSON. */
export interface PushFigures {
  /** Arrived as far as the transport can tell, confirmed where that was asked for. */
  readonly sent: number;
  /** Given up after their last retry, or refused. */
  readonly failed: number;
  /** Tries that came to nothing, the last ones among them. */
  readonly failedTries: number;
  /** Late ones left out because a later one of the same push setup was due already. */
  readonly skipped: number;
  /** Waiting for their window, their random start, their retry or their turn. */
  readonly waiting: number;
  readonly octets: number;
  /** The last failure in words. */
  readonly lastFailure?: string;
}

/** Figures while they are being counted. */
export type LivePushFigures = { -readonly [Name in keyof PushFigures]: PushFigures[Name] };

export function noPushFigures(): LivePushFigures {
  return { sent: 0, failed: 0, failedTries: 0, skipped: 0, waiting: 0, octets: 0 };
}
